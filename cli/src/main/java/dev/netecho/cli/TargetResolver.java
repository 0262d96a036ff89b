// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Turns the user's names into addresses, because the library resolves no names. */
final class TargetResolver {
    /** Enough to hide the latency of name servers, few enough not to flood them. */
    private static final int MOST_THREADS = 16;

    /** That of the addresses to choose; null for any. */
    private final @Nullable IpVersion version;

    TargetResolver(@Nullable IpVersion version) {
        this.version = version;
    }

    /** {@return the targets in the order given} */
    List<Target> resolve(List<String> texts) throws UsageException, InterruptedException {
        List<Future<Target>> futures = new ArrayList<>(texts.size());
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.min(MOST_THREADS, texts.size()), TargetResolver::thread);
        try {
            for (String text : texts) {
                Callable<Target> task = () -> resolve(text);
                futures.add(isAddress(text) ? CompletableFuture.completedFuture(resolve(text)) : pool.submit(task));
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

    /** Addresses need no name server: handing 100,000 of them to other threads costs more than parsing them. */
    private static boolean isAddress(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return true;
            }
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
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
        AddressText.check("target", text);
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
            if (version == null || version == IpVersion.of(address)) {
                return new Target(text, address);
            }
        }
        throw new UsageException("target " + OneLine.quoted(text) + " has no "
                + (version == null ? "IP" : version.text()) + " address; it has " + AddressText.of(addresses[0]));
    }
}
