// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Run by tests in a JVM of its own: ends it, and sends and closes in shutdown hooks. */
final class ShutdownHookProgram {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private static final int LISTENERS = 100;
    private static final int SENDERS = 4;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(20);

    /** How the JVM ends, and what the hooks do. */
    enum Way {
        /** One hook sends, another one closes; the engine's thread is idle. */
        CLOSE,
        /** The same while a listener blocks the engine's thread. */
        CLOSE_WHILE_A_LISTENER_BLOCKS,
        /** The same; {@code System.exit}, which waits for the hooks, was called by a listener. */
        CLOSE_AFTER_EXIT_IN_A_LISTENER,
        /** A hook sends, and nothing closes. */
        SEND_ONLY
    }

    private final EchoRequester requester;
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();

    private ShutdownHookProgram(EchoRequester requester) {
        this.requester = requester;
    }

    /** {@code arguments} are an {@link EngineVariant} and a {@link Way}. */
    public static void main(String[] arguments) throws Exception {
        Way way = Way.valueOf(arguments[1]);
        EchoRequester requester = EngineVariant.valueOf(arguments[0]).open();
        if (way == Way.SEND_ONLY) {
            addHook(() -> OUT.println(requester.send(Loopback.request(Loopback.V4, SOON))));
            System.exit(0);
        }
        new ShutdownHookProgram(requester).end(way);
    }

    private void end(Way way) throws Exception {
        EchoRequest silent = Loopback.request(Loopback.V4, NEVER);
        for (int i = 0; i < LISTENERS; i++) {
            requester.sendAsync(silent, (request, outcome) -> tell(outcome));
        }
        for (int i = 0; i < SENDERS; i++) {
            start(() -> tell(requester.send(silent)));
        }
        awaitOutstanding(LISTENERS + SENDERS);
        addHook(() -> tell(requester.send(silent)));
        addHook(this::close);
        CountDownLatch held = new CountDownLatch(1);
        if (way != Way.CLOSE) {
            requester.sendAsync(Loopback.request(Loopback.V4, SOON), (request, outcome) -> {
                held.countDown();
                if (way == Way.CLOSE_AFTER_EXIT_IN_A_LISTENER) {
                    System.exit(0);
                }
                park();
            });
            held.await();
        }
        if (way == Way.CLOSE_AFTER_EXIT_IN_A_LISTENER) {
            park();
        }
        System.exit(0);
    }

    private void tell(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.NotSent refused && refused.reason() == NotSentReason.CLOSED) {
            told.incrementAndGet();
        } else {
            others.incrementAndGet();
        }
    }

    private void close() throws InterruptedException {
        int all = LISTENERS + SENDERS + 1;
        awaitOutstanding(all);
        long began = System.nanoTime();
        Thread watch = start(() -> {
            Await.until("every caller has an outcome", () -> told.get() + others.get() >= all);
            OUT.println("told after " + millisSince(began) + " ms");
        });
        requester.close();
        long closed = millisSince(began);
        watch.join();
        OUT.println("closed after " + closed + " ms: " + told + " of " + all + " are closed, " + others + " are not");
    }

    private void awaitOutstanding(int number) {
        Await.until(
                number + " are outstanding",
                () -> requester.statistics().inFlight() + requester.statistics().queued() == number);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Blocks for ever. */
    private static void park() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private static Runnable runnable(Task task) {
        return () -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                OUT.println(e);
            }
        };
    }

    private static Thread start(Task task) {
        Thread thread = new Thread(runnable(task));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void addHook(Task task) {
        Runtime.getRuntime().addShutdownHook(new Thread(runnable(task)));
    }
}
