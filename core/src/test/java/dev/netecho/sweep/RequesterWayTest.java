// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A requester that is slower than the sweep, busy with others, or stuck. */
@Timeout(60)
final class RequesterWayTest {
    private static final Duration COOL_DOWN = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final EchoRequest OTHER = EchoRequest.to(InetAddress.getLoopbackAddress());

    /** Of the patience. It stands still while {@link #thread} has no processor. */
    private final AtomicLong clock = new AtomicLong();

    /** What the listenerExecutor was given; {@link #thread} runs it. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private final Engine engine = new Engine();
    private EchoRequester requester;
    private Thread thread;

    /** Keeps requests in a queue, until a step of the test sends one. */
    private static final class Engine implements EchoEngine, EchoRequesterProvider {
        final Queue<PendingEcho> queue = new ConcurrentLinkedQueue<>();
        final Queue<PendingEcho> taken = new ConcurrentLinkedQueue<>();

        @Override
        public void submit(PendingEcho pending) {
            taken.add(pending);
            queue.add(pending);
        }

        @Override
        public void cancelled(PendingEcho pending) {
            queue.remove(pending);
            pending.letGo();
        }

        @Override
        public boolean inEngineThread() {
            return false;
        }

        @Override
        public Set<EchoCapability> capabilities() {
            return EnumSet.allOf(EchoCapability.class);
        }

        @Override
        public void close() {
            queue.clear();
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Availability availability() {
            return Availability.available();
        }

        @Override
        public EchoEngine open(EchoConfig config) {
            return this;
        }
    }

    private void open(int maxOutstanding) throws Exception {
        requester = EchoRequester.newBuilder()
                .provider(engine)
                .maxOutstanding(maxOutstanding)
                .open();
    }

    private void openWithExecutor(int maxOutstanding) throws Exception {
        requester = EchoRequester.newBuilder()
                .provider(engine)
                .maxOutstanding(maxOutstanding)
                .listenerExecutor(tasks::add)
                .open();
    }

    @AfterEach
    void close() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
        requester.close();
    }

    /** Sends one request each millisecond. */
    private void sendSlowly(Consumer<PendingEcho> answer) {
        eachMillisecond(() -> {
            PendingEcho next = engine.queue.poll();
            if (next != null && next.markSent()) {
                answer.accept(next);
            }
        });
    }

    private void eachMillisecond(Runnable step) {
        thread = new Thread(() -> {
            try {
                while (true) {
                    Thread.sleep(1);
                    clock.addAndGet(1_000_000);
                    step.run();
                    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                        task.run();
                    }
                }
            } catch (InterruptedException e) {
                // The end of the test.
            }
        });
        thread.start();
    }

    private static void reply(PendingEcho pending) {
        pending.complete(new EchoOutcome.Reply(
                pending.request().destination(), 1_000, 0, TimestampSource.KERNEL, 64, EchoPayload.DEFAULT, true));
    }

    private SweepReport sweep(String range) throws Exception {
        return sweep(range, 0);
    }

    private SweepReport sweep(String range, int retries) throws Exception {
        return Sweep.newBuilder(SweepTargets.of(range))
                .rate(1_000_000)
                .coolDown(COOL_DOWN)
                .retries(retries)
                .own(RangeSet.EMPTY)
                .start(new RequesterWay(
                        requester, false, COOL_DOWN, SweepRun.mostPasses(retries), PATIENCE, clock::get))
                .report()
                .get(30, TimeUnit.SECONDS);
    }

    private void giveOthers(int requests) {
        for (int i = 0; i < requests; i++) {
            var unused = requester.sendAsync(OTHER, (request, outcome) -> {});
        }
    }

    @Test
    void waitsForARequesterThatIsSlowerThanTheSweep() throws Exception {
        open(100_000);
        sendSlowly(RequesterWayTest::reply);
        SweepReport report = sweep("198.51.100.0-198.51.101.255");
        assertThat(report.answered()).isEqualTo(512);
        assertThat(report.packets()).isEqualTo(512);
    }

    @Test
    void waitsWhileTheRequesterSendsWhatOthersGaveItBefore() throws Exception {
        open(100_000);
        giveOthers(500);
        // They are silent for a long time, so that nothing comes back but what this sweep asks.
        sendSlowly(pending -> {
            if (pending.request().timeout().equals(COOL_DOWN)) {
                reply(pending);
            }
        });
        SweepReport report = sweep("198.51.100.0/28");
        assertThat(report.answered()).isEqualTo(16);
        assertThat(report.packets()).isEqualTo(16);
    }

    /** With an executor, the sweep learns of a refusal only after it was told that the request was taken. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitsForARequesterThatIsFullOfTheRequestsOfOthers(boolean withExecutor) throws Exception {
        if (withExecutor) {
            openWithExecutor(50);
        } else {
            open(50);
        }
        giveOthers(50);
        ArrayDeque<PendingEcho> sent = new ArrayDeque<>();
        AtomicInteger steps = new AtomicInteger();
        // Each that ends makes room for the next of the others, and none is queued: for three times the patience.
        eachMillisecond(() -> {
            if (engine.queue.isEmpty() && !sent.isEmpty()) {
                reply(sent.remove());
                if (steps.incrementAndGet() < 300) {
                    giveOthers(1);
                }
            }
            for (PendingEcho next = engine.queue.poll(); next != null; next = engine.queue.poll()) {
                if (next.markSent()) {
                    sent.add(next);
                }
            }
        });
        // So few that all are tried again at once, and none is left to be tried at a look.
        SweepReport report = sweep("198.51.100.0/27");
        assertThat(report.answered()).isEqualTo(32);
        assertThat(report.packets()).isEqualTo(32);
    }

    @Test
    void aRequesterGetsNoMoreThanItCanSoonSend() throws Exception {
        open(100_000);
        Sweep sweep = Sweep.newBuilder(SweepTargets.of("198.51.0.0/16"))
                .rate(1_000_000)
                .requester(requester)
                .start();
        while (engine.taken.size() < 256) {
            Thread.sleep(1);
        }
        sweep.stop();
        SweepReport report = sweep.report().join();
        assertThat(engine.taken).hasSizeLessThan(600);
        assertThat(report.left()).isEqualTo(65_536);
        // Nothing may be sent after the report.
        assertThat(engine.taken).allMatch(PendingEcho::isDone);
        assertThat(requester.statistics().queued()).isZero();
    }

    @Test
    void endsWithAReasonIfTheRequesterDoesNothing() throws Exception {
        open(100_000);
        eachMillisecond(() -> {});
        assertThatItIsGivenUp(sweep("198.51.100.0/26"));
        assertThat(engine.taken).allMatch(PendingEcho::isDone);
    }

    /** Such as a lack of buffers or descriptors that lasts: each request waits for the timeout, and is refused. */
    @Test
    void endsWithAReasonIfTheRequesterRefusesEachLater() throws Exception {
        open(100_000);
        eachMillisecond(() -> {
            for (PendingEcho next = engine.queue.poll(); next != null; next = engine.queue.poll()) {
                next.complete(EchoOutcome.NotSent.because(NotSentReason.OVERLOADED, "no buffers"));
            }
        });
        assertThatItIsGivenUp(sweep("198.51.100.0/26"));
    }

    @Test
    void endsWithAReasonIfTheRequesterStaysFull() throws Exception {
        openWithExecutor(1);
        giveOthers(1);
        eachMillisecond(() -> {});
        assertThatItIsGivenUp(sweep("198.51.100.0/26"));
    }

    private static void assertThatItIsGivenUp(SweepReport report) {
        assertThat(report.complete()).isFalse();
        assertThat(report.left()).isEqualTo(64);
        assertThat(report.trouble()).get().asString().contains("owes 64 outcomes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void isUnsureOfAHostWhoseOutcomesAreLost(int retries) throws Exception {
        open(100_000);
        sendSlowly(pending -> {
            if (pending.request().destinationLow() % 256 != 7) {
                reply(pending);
            }
        });
        SweepReport report = sweep("198.51.100.0/26", retries);
        assertThat(report.answered()).isEqualTo(63);
        assertThat(report.unsure()).isEqualTo(1);
        assertThat(report.complete()).isTrue();
        assertThat(engine.taken).allMatch(PendingEcho::isDone);
    }
}
