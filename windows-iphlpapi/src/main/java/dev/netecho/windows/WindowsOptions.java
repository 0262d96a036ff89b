// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOption;
import java.time.Duration;

/** The builder options of this backend; see {@link dev.netecho.EchoRequester.Builder#option}. */
public final class WindowsOptions {
    /**
     * How many calls of {@code IcmpSendEcho2} may be pending at a time, one for each request; default 4,096, from 1 to
     * 65,535, and never above 200 under Wine, which fails more. The other requests wait in a queue that is part of no
     * time reported. The call of a request that was cancelled or has timed out counts until Windows ends it.
     */
    public static final EchoOption<Integer> MAX_PENDING_CALLS = EchoOption.of("windows.maxPendingCalls", Integer.class);

    /**
     * How long the system listens for the answer to one request; default and at most 24 days, at least one second. A
     * request with a longer timeout still ends at its deadline, but an answer later than this is lost. The system
     * cannot be told to forget a request, so this bounds how long a cancelled one keeps its place and its memory.
     */
    public static final EchoOption<Duration> LONGEST_WAIT = EchoOption.of("windows.longestWait", Duration.class);

    /**
     * How long {@code close()} waits for the system to end every request; default 5 seconds, not negative. After that,
     * a daemon thread keeps the memory of the rest until the system has ended them.
     */
    public static final EchoOption<Duration> DRAIN_TIMEOUT = EchoOption.of("windows.drainTimeout", Duration.class);

    /**
     * Whether this host sends the traffic class (TOS) it is given; default false, because Windows ignores it silently
     * unless an administrator has changed that. With true, {@code capabilities()} claims it, for IPv4.
     */
    public static final EchoOption<Boolean> TRAFFIC_CLASS = EchoOption.of("windows.trafficClass", Boolean.class);

    /**
     * The IP options (RFC 791) of every IPv4 request, as they are in the header: 0 to 40 bytes, such as record route.
     * Default none. Returned options are not reported.
     */
    public static final EchoOption<byte[]> IP_OPTIONS = EchoOption.of("windows.ipOptions", byte[].class);

    private WindowsOptions() {}
}
