// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOption;
import java.time.Duration;

/** The builder options of the Linux backends; see {@link dev.netecho.EchoRequester.Builder#option}. */
public final class LinuxOptions {
    /**
     * How many event loops, each with a thread and sockets of its own, share the destinations; 1 to 64, default 1. One
     * loop is enough until it keeps a core busy. With {@link dev.netecho.linux.netty.NettyOptions#EVENT_LOOP_GROUP}
     * they are loops of that group. On {@code linux-raw} more than one means raw sockets that no other requester
     * shares.
     */
    public static final EchoOption<Integer> EVENT_LOOPS = EchoOption.of("linux.eventLoops", Integer.class);

    /**
     * The receive buffer to ask the kernel for, in bytes; default 4 MiB, at least 2,048. Without CAP_NET_ADMIN the
     * kernel cuts it to {@code net.core.rmem_max}; what it grants is read back and bounds how many answers may be
     * outstanding.
     */
    public static final EchoOption<Integer> RECEIVE_BUFFER = EchoOption.of("linux.receiveBuffer", Integer.class);

    /**
     * The network interface to send and receive on (SO_BINDTODEVICE), such as {@code "eth0"}; default: any. If it is
     * renamed or made anew, requests go by the interface that has the name then. A request may name another one
     * ({@link dev.netecho.EchoOptions#withInterface}). Each interface, and each mark, that requests name has sockets of
     * its own.
     */
    public static final EchoOption<String> INTERFACE = EchoOption.of("linux.interface", String.class);

    /**
     * The mark of every packet (SO_MARK), for policy routing; default 0, none. Needs CAP_NET_ADMIN. A request may have
     * another one ({@link dev.netecho.EchoOptions#withMark}).
     */
    public static final EchoOption<Integer> MARK = EchoOption.of("linux.mark", Integer.class);

    /**
     * How long a socket sends before one with a new ICMP identifier replaces it; default one minute, at least one
     * second, {@link Duration#ZERO} to renew only when hosts fall silent. A NAT or a load balancer may keep a dead flow
     * for as long as packets with the same identifier refresh it. A host behind it is silent for no longer than this
     * period. Requests in flight are not affected: the old socket is closed once five seconds have passed and its last
     * request has ended. On {@code linux-raw} a socket is replaced every five seconds at most.
     *
     * <p>Whatever the period, a socket is also replaced if all its requests have timed out for two seconds and hosts
     * had answered before. If that does not help, it is replaced again after four seconds, and so on up to 64.
     */
    public static final EchoOption<Duration> IDENTIFIER_PERIOD =
            EchoOption.of("linux.identifierPeriod", Duration.class);

    private LinuxOptions() {}
}
