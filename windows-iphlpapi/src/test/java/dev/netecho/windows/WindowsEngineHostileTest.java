// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.RecordedLog;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code, and calls of the system, that keep the engine's thread; callers whose stack ends. */
@Timeout(60)
final class WindowsEngineHostileTest extends FakeEngineTest {
    private void cancel(Asked asked) {
        asked.pending().cancel();
        engine.cancelled(asked.pending());
    }

    private final CountDownLatch kept = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Leaves the thread inside a listener, with {@code others} requests that the system has. */
    private List<Asked> keepInListener(int others) throws InterruptedException {
        Asked first = requests.ask(Requests.to("198.18.1.9", LONG));
        var ignored = first.outcome().thenRun(() -> {
            kept.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(first.pending());
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            all.add(submit(LONG));
        }
        windows.reply(windows.awaitSent(1 + others).get(0), 0);
        kept.await();
        return all;
    }

    private void letGo() {
        goOn.countDown();
        windows.awaitSent(0).forEach(each -> windows.status(each, 11010, ""));
    }

    private static void areClosed(List<Asked> all) {
        for (Asked asked : all) {
            assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED);
        }
    }

    @Test
    void closeEndsAllOthersWhileAListenerKeepsTheThread() throws InterruptedException {
        options.put(WindowsOptions.MAX_PENDING_CALLS, 200);
        open();
        List<Asked> all = keepInListener(199);
        Asked arrived = all.get(0);
        windows.reply(windows.awaitSent(199).get(0), 0); // its completion waits for the thread
        for (int i = 0; i < 100; i++) {
            all.add(submit(LONG)); // the system has no place for them
        }
        Thread closer = new Thread(engine::close);
        long begin = System.nanoTime();
        closer.start();
        areClosed(all);
        // 20 ms of patience; the rest is for a busy machine.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(goOn.getCount()).as("the listener still keeps the thread").isEqualTo(1);
        assertThat(arrived.isDone()).isTrue();
        assertThat(closer.isAlive()).as("it waits for what the system has").isTrue();
        areClosed(List.of(submit(LONG)));
        assertThat(windows.heap.live()).as("the system still writes there").isEqualTo(199);

        letGo();
        closer.join();
        assertThat(engine.isReleased()).isTrue();
    }

    @Test
    void closeEndsAllOthersWhileListenersBlockIt() throws InterruptedException {
        options.put(WindowsOptions.MAX_PENDING_CALLS, 20);
        open();
        List<Asked> others = new ArrayList<>();
        List<Asked> blocking = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Asked blocks = requests.ask(Requests.to(HOST, LONG));
            var ignored = blocks.outcome().thenRun(() -> awaitLatch(goOn));
            assertThat(ignored).isNotDone();
            blocking.add(blocks);
            engine.submit(blocks.pending());
            others.add(submit(LONG));
        }
        windows.awaitSent(20);
        Thread closer = new Thread(engine::close);
        closer.start();
        areClosed(others);
        assertThat(goOn.getCount()).as("the listeners still block").isEqualTo(1);
        letGo();
        closer.join();
        areClosed(blocking);
        Await.until("the thread ends", engine::isReleased);
    }

    /** Neither the thread of the engine nor the one that closes is free. */
    @Test
    void aListenerThatClosesAndBlocksKeepsNoOtherCaller() throws InterruptedException {
        open();
        Asked closing = requests.ask(Requests.to("198.18.1.9", LONG));
        var ignored = closing.outcome().thenRun(() -> {
            engine.close();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(closing.pending());
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(submit(LONG));
        }
        windows.reply(windows.awaitSent(21).get(0), 0);
        areClosed(all);
        letGo();
        Await.until("the thread ends", engine::isReleased);
    }

    @Test
    void aListenerThatKeepsTheThreadIsNamedOnce() throws InterruptedException {
        open();
        int before = heldLines().size(); // of other tests on a busy machine
        keepInListener(0);
        List<Asked> all = new ArrayList<>();
        Await.until("the log says so", () -> {
            all.add(submit(LONG));
            return heldLines().size() > before;
        });
        all.add(submit(LONG));
        assertThat(heldLines()).hasSize(before + 1);
        assertThat(heldLines().get(before).thrown().getStackTrace())
                .as("the stack of the listener")
                .anyMatch(frame -> frame.getMethodName().equals("awaitLatch"));
        goOn.countDown();
        Await.until("all are answered", () -> {
            windows.awaitSent(0).forEach(each -> windows.reply(each, 0));
            return all.stream().allMatch(Asked::isDone);
        });
    }

    private static List<RecordedLog.Line> heldLines() {
        return RecordedLog.lines().stream()
                .filter(line -> line.text().contains("its thread has made no progress for"))
                .filter(line -> line.text().startsWith("icmp-echo-test"))
                .toList();
    }

    @Test
    void anInterruptedCloseEndsAllOthersToo() throws InterruptedException {
        open();
        List<Asked> all = keepInListener(20);
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            engine.close();
        });
        closer.start();
        areClosed(all);
        closer.join();
        letGo();
    }

    @Test
    void closeEndsAllOthersWhileACallOfTheSystemKeepsTheThread() throws InterruptedException {
        options.put(WindowsOptions.DRAIN_TIMEOUT, Duration.ofMillis(100));
        open();
        windows.callsWait = goOn;
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(submit(LONG));
        }
        Await.until("the thread is inside the call", () -> windows.calls.get() == 1);
        engine.close();
        areClosed(all);
        assertThat(engine.isReleased()).isFalse();
        goOn.countDown();
        Await.until("the system has it", () -> windows.held() == 1 || engine.isReleased());
        letGo();
        Await.until("the thread ends", engine::isReleased);
    }

    @Test
    void closingPastBlockedListenersEndsEveryRequest() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            FakeRequester other = new FakeRequester();
            CountDownLatch end = new CountDownLatch(1);
            List<Asked> all = new ArrayList<>();
            other.windows.fail(
                    // refused: listeners run while others are being sent.
                    "IcmpSendEcho2Ex", 2 + round % 5, 5);
            for (int i = 0; i < 10; i++) {
                Asked asked = other.requests.ask(Requests.to(HOST, LONG));
                if (i == round % 4) {
                    var ignored = asked.outcome().thenRun(() -> {
                        if (other.engine.inEngineThread()) {
                            awaitLatch(end);
                        }
                    });
                    assertThat(ignored).isNotNull();
                }
                all.add(asked);
            }
            Thread closer = new Thread(other.engine::close);
            for (int i = 0; i < 10; i++) {
                other.engine.submit(all.get(i).pending());
                if (i == round % 10) {
                    closer.start();
                }
            }
            all.forEach(Asked::await);
            end.countDown();
            other.close();
            closer.join();
        }
    }

    @Test
    void whatIsCancelledDoesNotStayWhileTheThreadIsKept() throws InterruptedException {
        open();
        keepInListener(0);
        List<WeakReference<PendingEcho>> cancelled = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Asked asked = submit(LONG);
            cancel(asked);
            cancelled.add(new WeakReference<>(asked.pending()));
        }
        Await.until("only a few are held", () -> {
            System.gc();
            return cancelled.stream().filter(each -> each.get() != null).count() <= 1_024;
        });
        Asked live = submit(LONG);
        goOn.countDown();
        windows.reply(windows.awaitSent(1).get(0), 0);
        assertThat(live.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @Test
    void everyCancelledRequestIsLetGo() throws InterruptedException {
        options.put(WindowsOptions.MAX_PENDING_CALLS, 100);
        open();
        List<Asked> all = keepInListener(99);
        for (int i = 0; i < 5_000; i++) {
            all.add(submit(LONG));
        }
        all.forEach(this::cancel);
        assertThat(requests.letGo.get()).as("while the thread is kept").isGreaterThan(5_099 - 1_024);
        Asked live = submit(LONG);
        goOn.countDown();
        Await.until("the last one is answered", () -> {
            windows.awaitSent(0).forEach(each -> windows.reply(each, 0));
            return live.isDone();
        });
        Await.until("all are let go", () -> requests.letGo.get() == 5_099);
    }

    @Test
    void anOutcomeForWhichMemoryEndedIsGivenLater() {
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(submit(LONG));
        }
        List<Sent> sent = windows.awaitSent(10);
        requests.endsFail.set(12);
        sent.forEach(each -> windows.reply(each, 0));
        all.forEach(Asked::await);
        assertThat(requests.endsFail.get()).isNotPositive();
        requests.endsFail.set(5);
        all.add(submit(LONG));
        sent();
        engineClosesAndEnds(all.get(10));
    }

    private void engineClosesAndEnds(Asked last) {
        Thread closer = new Thread(engine::close);
        closer.start();
        assertThat(last.await()).isInstanceOf(EchoOutcome.NotSent.class);
    }

    @Test
    void aCallerWithoutStackHoldsUpNoOther() throws InterruptedException {
        open();
        List<Asked> accepted = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Await.until("the thread rests", this::rests);
            Thread caller = new Thread(null, () -> dive(accepted), "caller", 256 * 1024);
            caller.start();
            caller.join();
        }
        Asked last = submit(LONG);
        Await.until("all are answered", () -> {
            windows.awaitSent(0).forEach(each -> windows.reply(each, 0));
            return last.isDone() && accepted.stream().allMatch(Asked::isDone);
        });
        assertThat(accepted).isNotEmpty();
    }

    /** Submits at each depth on the way back from the end of the stack, until three calls have worked. */
    @SuppressWarnings("InfiniteRecursion") // it is meant to reach the end of the stack
    private void dive(List<Asked> accepted) {
        try {
            dive(accepted);
        } catch (StackOverflowError e) {
            // one level up there is a little more room
        }
        if (accepted.size() % 4 < 3) {
            accepted.add(submit(LONG));
        }
    }

    private boolean rests() {
        int before = windows.waits.get();
        Await.until("some time passes", () -> true);
        return before == windows.waits.get();
    }

    @Test
    void aLackOfMemoryWhileWakingHoldsUpNoRequest() {
        open();
        submit(LONG);
        Sent first = sent();
        windows.reply(first, 0);
        Await.until("it is answered", () -> windows.heap.live() == 0);
        windows.fail("SetEvent", 1, () -> new OutOfMemoryError("by the test"));
        Asked thrown = requests.ask(Requests.to(HOST, LONG));
        Await.until("a call has to wake the thread", () -> {
            try {
                engine.submit(thrown.pending());
                windows.awaitSent(1).forEach(each -> windows.reply(each, 0));
                return false;
            } catch (OutOfMemoryError e) {
                return true;
            }
        });
        Asked next = submit(LONG);
        Await.until("it is answered", () -> {
            windows.awaitSent(0).forEach(each -> windows.reply(each, 0));
            return next.isDone();
        });
    }
}
