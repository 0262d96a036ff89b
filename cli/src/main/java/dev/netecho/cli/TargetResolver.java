// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.IpVersion;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the user's names into addresses, because the library resolves no names. */
final class TargetResolver {
    /** Enough to hide the latency of name servers, few enough not to flood them. */
    private static final int MOST_THREADS = 16;

    private final Names names;

    /** That of the addresses to choose; null for any. */
    private final @Nullable IpVersion version;

    private final boolean all;

    /**
     * Constructs a resolver.
     *
     * @param version that of the addresses to choose; null for any
     * @param all whether a name becomes a target for each of its addresses
     */
    TargetResolver(Names names, @Nullable IpVersion version, boolean all) {
        this.names = names;
        this.version = version;
        this.all = all;
    }

    /** {@return the targets in the order given; one that does not resolve says why} */
    List<Target> resolve(List<TargetFile.Entry> entries) throws UsageException, InterruptedException {
        for (TargetFile.Entry entry : entries) {
            checkSpelling(entry);
        }
        List<Target> targets = new ArrayList<>(entries.size());
        forEach(entries, TargetFile.Entry::text, entry -> resolve(entry.text(), entry.label()))
                .forEach(found -> targets.addAll(all ? found : found.subList(0, 1)));
        return targets;
    }

    /** {@return each target, with its address if the name still has it, otherwise with the first that it has now} */
    List<Target> resolveAgain(List<Target> targets) throws InterruptedException {
        return forEach(targets, Target::text, this::resolveAgain);
    }

    private Target resolveAgain(Target target) {
        if (isAddress(target.text())) {
            return target;
        }
        List<Target> now = resolve(target.text(), target.label());
        return now.stream()
                .filter(one ->
                        target.isResolved() && one.isResolved() && one.address().equals(target.address()))
                .findFirst()
                .orElse(now.get(0));
    }

    /** {@return the results in order; those of names are found by several threads} */
    private static <T, R> List<R> forEach(List<T> given, Function<T, String> text, Function<T, R> work)
            throws InterruptedException {
        List<Future<R>> futures = new ArrayList<>(given.size());
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.min(MOST_THREADS, given.size()), TargetResolver::thread);
        try {
            for (T one : given) {
                Callable<R> task = () -> work.apply(one);
                futures.add(
                        isAddress(text.apply(one))
                                ? CompletableFuture.completedFuture(work.apply(one))
                                : pool.submit(task));
            }
            List<R> results = new ArrayList<>(given.size());
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
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
    static boolean isAddress(String text) {
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

    /** {@return at least one target} */
    private List<Target> resolve(String text, String label) {
        InetAddress[] addresses;
        try {
            if (text.isBlank()) {
                throw new UnknownHostException(": it is empty");
            }
            addresses = names.of(ascii(text));
        } catch (UnknownHostException e) {
            return List.of(unresolved(text, label, "does not resolve" + reason(e)));
        }
        Set<InetAddress> fitting = new LinkedHashSet<>();
        for (InetAddress address : addresses) {
            if (version == null || version == IpVersion.of(address)) {
                fitting.add(address);
            }
        }
        if (fitting.isEmpty()) {
            return List.of(unresolved(
                    text,
                    label,
                    "has no " + (version == null ? "IP" : version.text()) + " address; it has "
                            + AddressText.of(addresses[0])));
        }
        boolean several = all && fitting.size() > 1;
        return fitting.stream()
                .map(address -> new Target(text, label, address, "", several))
                .toList();
    }

    private static Target unresolved(String text, String label, String trouble) {
        return new Target(text, label, null, trouble, false);
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
