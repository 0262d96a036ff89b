// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.IpVersion;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** {@return the targets in the order given; one that does not resolve says why} */
    List<Target> resolve(List<TargetFile.Entry> entries) throws UsageException, InterruptedException {
        List<Future<Target>> futures = new ArrayList<>(entries.size());
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.min(MOST_THREADS, entries.size()), TargetResolver::thread);
        try {
            for (TargetFile.Entry entry : entries) {
                checkSpelling(entry);
                Callable<Target> task = () -> resolve(entry);
                futures.add(
                        isAddress(entry.text())
                                ? CompletableFuture.completedFuture(resolve(entry))
                                : pool.submit(task));
            }
            List<Target> targets = new ArrayList<>(entries.size());
            for (Future<Target> future : futures) {
                targets.add(future.get());
            }
            return targets;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** What is no name for any resolver is wrong usage, not a host that is down. */
    private static void checkSpelling(TargetFile.Entry entry) throws UsageException {
        String named = "target " + OneLine.quoted(entry.text());
        for (int i = 0; i < entry.text().length(); i++) {
            char c = entry.text().charAt(i);
            // Such characters come from web pages and word processors, and look like a blank or like nothing.
            if (c > 0x7f && (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT)) {
                throw new UsageException(entry.where() + named + " has the invisible character "
                        + String.format(Locale.ROOT, "U+%04X", (int) c)
                        + (c == '\u00a0' ? " (no-break space)" : "") + "; remove it");
            }
        }
        try {
            AddressText.check("target", entry.text());
        } catch (UsageException e) {
            throw new UsageException(entry.where() + e.getMessage());
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

    private Target resolve(TargetFile.Entry entry) {
        String text = entry.text();
        InetAddress[] addresses;
        try {
            if (text.isBlank()) {
                throw new UnknownHostException(": it is empty");
            }
            addresses = InetAddress.getAllByName(ascii(text));
        } catch (UnknownHostException e) {
            return unresolved(entry, "does not resolve" + reason(e));
        }
        for (InetAddress address : addresses) {
            if (version == null || version == IpVersion.of(address)) {
                return new Target(text, entry.label(), address, "");
            }
        }
        return unresolved(
                entry,
                "has no " + (version == null ? "IP" : version.text()) + " address; it has "
                        + AddressText.of(addresses[0]));
    }

    private static Target unresolved(TargetFile.Entry entry, String trouble) {
        return new Target(entry.text(), entry.label(), null, trouble);
    }

    /** {@return a name as name servers know it: one with other letters than ASCII begins with xn-- (RFC 5891)} */
    private static String ascii(String text) throws UnknownHostException {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        try {
            return IDN.toASCII(text);
        } catch (IllegalArgumentException e) {
            throw new UnknownHostException(text + ": it is not a valid international name");
        }
    }

    /** The JDK writes the name and then what getaddrinfo(3) said: "no such name" is not "try again later". */
    private static String reason(UnknownHostException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.lastIndexOf(": ");
        return colon < 0 ? "" : " (" + OneLine.of(message.substring(colon + 2)) + ")";
    }
}
