// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many requests: the queue, the bound, and which completion is whose. */
@Timeout(60)
final class WindowsEngineQueueTest extends FakeEngineTest {
    @Test
    void aBatchOfSubmissionsWakesTheThreadOnce() throws InterruptedException {
        open();
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Asked first = requests.ask(Requests.to(HOST, LONG));
        var ignored = first.outcome().thenRun(() -> {
            inListener.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(first.pending());
        windows.reply(sent(), 0);
        inListener.await();
        int before = windows.signals.get();
        for (int i = 0; i < 200; i++) {
            submit(LONG);
        }
        assertThat(windows.signals.get()).as("signals to a thread at work").isEqualTo(before);
        goOn.countDown();
        windows.awaitSent(200);
        assertThat(windows.signals.get()).isEqualTo(before);
    }

    @Test
    void moreThanTheBoundWaitInAQueueAndAbandonedOnesCount() {
        options.put(WindowsOptions.MAX_PENDING_CALLS, 10);
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(submit(Duration.ofMillis(20)));
        }
        all.forEach(asked -> assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class));
        Asked eleventh = submit(LONG);
        Asked twelfth = submit(LONG);
        List<Sent> abandoned = windows.awaitSent(10);
        assertThat(requests.sent.get()).isEqualTo(10);

        windows.status(abandoned.get(3), 11010, "");
        Await.until("one took its place", () -> requests.sent.get() == 11);
        windows.reply(windows.awaitSent(10).get(9), 0);
        assertThat(eleventh.await()).isInstanceOf(EchoOutcome.Reply.class);
        Await.until("the other took its place", () -> requests.sent.get() == 12);
        windows.reply(windows.awaitSent(10).get(9), 0);
        EchoOutcome.Reply reply = (EchoOutcome.Reply) twelfth.await();
        assertThat(reply.roundTripTime())
                .as("waiting in our queue is no part of it")
                .isLessThan(Duration.ofMillis(2));
    }

    @Test
    void underWineTheSystemIsGivenNoMoreThanItHolds() {
        open(new HostTraits(false, false, true, 20));
        for (int i = 0; i < 50; i++) {
            submit(LONG);
        }
        windows.awaitSent(20).forEach(each -> windows.reply(each, 0));
        windows.awaitSent(20).forEach(each -> windows.reply(each, 0));
        windows.awaitSent(10);
        assertThat(windows.most()).isEqualTo(20);
    }

    @Test
    void anUnknownCompletionTouchesNothing() {
        open();
        Asked asked = submit(LONG);
        windows.stray(sent(), 999_999);
        windows.stray(sent(), 0);
        windows.reply(sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @Test
    void thousandsMayBeOutstanding() {
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            all.add(submit(LONG));
        }
        List<Sent> sent = new ArrayList<>(windows.awaitSent(4_000));
        long seed = System.nanoTime();
        Collections.shuffle(sent, new Random(seed));
        sent.forEach(each -> windows.reply(each, 0));
        all.forEach(asked -> assertThat(asked.await()).as("seed %d", seed).isInstanceOf(EchoOutcome.Reply.class));
    }
}
