// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Turns the names a user gave into addresses: the command's business, because the library resolves nothing. */
final class TargetResolver {
    /** Enough to hide the latency of name servers, few enough to be polite to them. */
    private static final int MOST_THREADS = 16;

    private final AddressFamily family;

    TargetResolver(AddressFamily family) {
        this.family = family;
    }

    /** {@return the targets in the order given} */
    List<Target> resolve(List<String> texts) throws UsageException, InterruptedException {
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.min(MOST_THREADS, texts.size()), TargetResolver::thread);
        try {
            List<Future<Target>> futures = new ArrayList<>(texts.size());
            for (String text : texts) {
                futures.add(pool.submit((Callable<Target>) () -> resolve(text)));
            }
            List<Target> targets = new ArrayList<>(texts.size());
            for (Future<Target> future : futures) {
                targets.add(get(future));
            }
            return targets;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "netecho-resolver");
        thread.setDaemon(true);
        return thread;
    }

    private static Target get(Future<Target> future) throws UsageException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UsageException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Target resolve(String text) throws UsageException {
        InetAddress[] addresses;
        try {
            if (text.isBlank()) {
                throw new UnknownHostException("it is empty");
            }
            addresses = InetAddress.getAllByName(text);
        } catch (UnknownHostException e) {
            throw new UsageException(
                    "target " + OneLine.quoted(text) + " does not resolve; give an address or a name that resolves");
        }
        for (InetAddress address : addresses) {
            if (family.accepts(address)) {
                return new Target(text, address);
            }
        }
        throw new UsageException("target " + OneLine.quoted(text) + " has no " + family + " address; it has "
                + AddressText.of(addresses[0]));
    }
}
