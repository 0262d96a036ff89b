// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/** Run by tests in a JVM of its own with little memory: listeners keep memory until there is none. */
final class MemoryProgram {
    private static final int REQUESTS = 2_000;

    /** How long memory is short: each allocation then waits for a full collection. */
    private static final long SHORTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    /** How long the whole program may take before it shows what its threads do and stops. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int HUNG = 3;

    private static final int MOST_CLOSES = 100;

    private static final Object LOCK = new Object();

    /** Pieces from large to small, so that no other allocation fits when the last of them does not. */
    private static Object[] kept;

    private static int piece = 1 << 18;

    private static volatile int struck;

    /** From now on listeners keep nothing more. */
    private static volatile boolean released;

    private MemoryProgram() {}

    /**
     * {@code arguments} are an {@link EngineVariant}, and whether there is a listener executor, or {@code lent}: a
     * group of Netty's.
     */
    @SuppressWarnings("try") // closing is what is examined
    public static void main(String[] arguments) throws Exception {
        AtomicIntegerArray outcomes = new AtomicIntegerArray(REQUESTS);
        boolean[] accepted = new boolean[REQUESTS];
        EchoRequest request = Loopback.request(Loopback.V4, Duration.ofSeconds(1));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        EchoRequester.Builder builder =
                EngineVariant.valueOf(arguments[0]).builder().maxOutstanding(2 * REQUESTS);
        if (Boolean.parseBoolean(arguments[1])) {
            builder.listenerExecutor(executor);
        } else if (arguments[1].equals("lent")) {
            ThreadFactory daemons = new DefaultThreadFactory("lent", true);
            builder.option(
                    NettyOptions.EVENT_LOOP_GROUP,
                    new MultiThreadIoEventLoopGroup(1, daemons, EpollIoHandler.newFactory()));
        }
        try (EchoRequester requester = builder.open()) {
            if (!(requester.send(request) instanceof EchoOutcome.Reply)) {
                throw new AssertionError("no reply before memory ran out");
            }
            watch();
            int refused = 0;
            long end = System.nanoTime() + SHORTAGE_NANOS;
            for (int i = 0; i < REQUESTS && System.nanoTime() - end < 0; i++) {
                int number = i;
                try {
                    requester.sendAsync(request, (asked, outcome) -> {
                        outcomes.incrementAndGet(number);
                        keep();
                    });
                    accepted[i] = true;
                } catch (OutOfMemoryError e) {
                    refused++;
                }
            }
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(1_000_000); // listeners go on meanwhile
            }
            released = true;
            synchronized (LOCK) {
                kept = null;
            }
            long began = System.nanoTime();
            close(requester);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            int missing = 0;
            int repeated = 0;
            for (int i = 0; i < REQUESTS; i++) {
                missing += accepted[i] && outcomes.get(i) == 0 ? 1 : 0;
                repeated += outcomes.get(i) > 1 ? 1 : 0;
            }
            System.out.println("memory ran out " + (struck > 0) + ", missing " + missing + ", repeated " + repeated
                    + ", closed in time " + (millis < 5_000));
            System.out.println("struck " + struck + ", refused " + refused + ", closed after " + millis + " ms");
        } finally {
            executor.shutdownNow();
        }
    }

    /** A close that finds no memory says so, and may be called again: other threads are still allocating. */
    private static void close(EchoRequester requester) {
        for (int i = 0; i < MOST_CLOSES; i++) {
            try {
                requester.close();
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        throw new AssertionError("there was no memory to close");
    }

    private static void keep() {
        synchronized (LOCK) {
            for (int i = 0; i < 64 && !released; i++) {
                try {
                    Object[] more = new Object[piece / 4];
                    more[0] = kept;
                    kept = more;
                } catch (OutOfMemoryError e) {
                    struck++;
                    piece = Math.max(16, piece / 4);
                    throw e;
                }
            }
        }
    }

    private static void watch() {
        Thread watch = new Thread(MemoryProgram::stopLate, "watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void stopLate() {
        try {
            Thread.sleep(PATIENCE.toMillis());
            released = true;
            kept = null; // without the lock, which may be held: the stacks need memory
            for (Map.Entry<Thread, StackTraceElement[]> each :
                    Thread.getAllStackTraces().entrySet()) {
                System.out.println(each.getKey());
                for (StackTraceElement element : each.getValue()) {
                    System.out.println("    " + element);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(HUNG);
        }
    }
}
