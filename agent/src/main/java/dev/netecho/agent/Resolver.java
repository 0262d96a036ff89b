// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.IpVersion;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the addresses of names, and makes threads for that: neither requests nor scrapes wait for a name server. */
final class Resolver {
    /** Enough to hide the latency of name servers, few enough not to flood them. */
    static final int MOST_THREADS = 16;

    private static final int IDLE_SECONDS = 10;

    private final NameLookup names;

    Resolver(NameLookup names) {
        this.names = names;
    }

    /**
     * {@return threads that look names up, or one that plans it; those that are idle end}
     *
     * @param role what the threads are called
     * @param most how many look-ups may be under way
     */
    static ScheduledThreadPoolExecutor threads(String role, int most) {
        // Its queue drops a cancelled task at once; that of a ThreadPoolExecutor has to be searched for it.
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(
                most,
                task -> {
                    Thread thread = new Thread(task, "netecho-agent-" + role);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy()); // at the end nothing is looked up any more
        threads.setRemoveOnCancelPolicy(true);
        threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** {@return all addresses of a host; at least one} It may block for long. */
    List<InetAddress> addresses(String host) throws UnknownHostException {
        return List.of(names.of(ascii(host)));
    }

    /** {@return the addresses of a family, or of both, in order} */
    static List<InetAddress> fitting(List<InetAddress> addresses, @Nullable IpVersion family) {
        List<InetAddress> fitting = new ArrayList<>();
        for (InetAddress address : addresses) {
            if ((family == null || family == IpVersion.of(address)) && !fitting.contains(address)) {
                fitting.add(address);
            }
        }
        return fitting;
    }

    /** {@return a name as name servers know it: one with other letters than ASCII begins with xn-- (RFC 5891)} */
    private static String ascii(String host) throws UnknownHostException {
        if (host.chars().allMatch(c -> c < 0x80)) {
            return host;
        }
        try {
            return IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            throw new UnknownHostException(host + ": it is not a valid international name");
        }
    }

    /** {@return what getaddrinfo(3) said: "no such name" is not "try again later"} */
    static String reason(UnknownHostException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.lastIndexOf(": ");
        return "does not resolve" + (colon < 0 ? "" : " (" + message.substring(colon + 2) + ")");
    }
}
