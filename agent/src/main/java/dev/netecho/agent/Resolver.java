// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.IpVersion;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks names up on a few threads of its own: neither requests nor scrapes wait for a name server. Thread-safe. */
final class Resolver implements AutoCloseable {
    /** Enough to hide the latency of name servers, few enough not to flood them. */
    private static final int THREADS = 16;

    private static final int LONGEST_QUEUE = 1_000;

    private final NameLookup names;
    private final ThreadPoolExecutor threads;

    /**
     * Constructs a resolver.
     *
     * @param role what its threads are called
     */
    Resolver(NameLookup names, String role) {
        this.names = names;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(LONGEST_QUEUE), task -> {
                    Thread thread = new Thread(task, "netecho-agent-" + role);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a task that looks names up. @return false if too many are waiting */
    boolean submit(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** {@return how many tasks run or wait} */
    int waiting() {
        return threads.getActiveCount() + threads.getQueue().size();
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

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
