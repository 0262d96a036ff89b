// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoRequesterProvider;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Run by a test in a JVM of its own, with a limit of threads: opens while none is left, then again. */
final class ThreadShortageProgram {
    private static final int MOST = 2_000;

    /** So often in a row, 10 ms apart, the number of threads is the same. */
    private static final int STEADY = 50;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private ThreadShortageProgram() {}

    public static void main(String[] arguments) throws Exception {
        boolean loaded = arguments[1].equals("loaded");
        EchoRequesterProvider provider = EngineVariant.valueOf(arguments[0]).provider();
        if (loaded) {
            say("at first", provider);
        }
        int before = descriptors();
        int threads = awaitSteadyThreads();
        CountDownLatch release = new CountDownLatch(1);
        List<Thread> used = useUp(release);
        say("used " + used.size(), provider);
        say("again", provider);
        OUT.println("descriptors more: " + (descriptors() - before));
        release.countDown();
        for (Thread thread : used) {
            thread.join();
        }
        await(() -> threads() <= threads); // those of the system end a little later
        OUT.println("later: " + open(provider));
    }

    /** Waits for what the first requester has left: a thread that ends later leaves its place to another. */
    private static int awaitSteadyThreads() throws InterruptedException {
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("netecho-")));
        int[] last = new int[1];
        int[] same = new int[1];
        await(() -> {
            int now = threads();
            same[0] = now == last[0] ? same[0] + 1 : 0;
            last[0] = now;
            return same[0] >= STEADY;
        });
        return last[0];
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        threads() + " threads: " + Thread.getAllStackTraces().keySet());
            }
            Thread.sleep(10);
        }
    }

    private static int threads() {
        return entries("/proc/self/task");
    }

    private static List<Thread> useUp(CountDownLatch release) {
        List<Thread> used = new ArrayList<>();
        while (used.size() < MOST) {
            Thread thread = new Thread(null, () -> awaitQuietly(release), "waits", 64 * 1024, false);
            thread.setDaemon(true);
            try {
                thread.start();
                used.add(thread);
            } catch (OutOfMemoryError e) {
                return used;
            }
        }
        throw new AssertionError("no limit of threads");
    }

    private static void say(String when, EchoRequesterProvider provider) throws Exception {
        OUT.println(when + ", availability: " + oneLine(provider.availability().toString()));
        OUT.println(when + ", open: " + oneLine(open(provider)));
    }

    private static String open(EchoRequesterProvider provider) throws InterruptedException {
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(provider).open()) {
            EchoOutcome outcome = requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20)));
            return outcome.isReply() ? "reply" : outcome.toString();
        } catch (EchoUnavailableException e) {
            return "unavailable: " + e.getMessage();
        }
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private static int descriptors() {
        return entries("/proc/self/fd");
    }

    private static int entries(String folder) {
        String[] names = new File(folder).list();
        return names == null ? 0 : names.length;
    }

    private static void awaitQuietly(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
