// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoListener;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller whose stack ends anywhere in {@code sendAsync} harms no other caller. */
@EngineTest
final class StackShortageTest {
    private static final int FRAMES = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-1", cases = "C125")
    void doesNotSilenceTheRequester(EngineVariant variant) throws Exception {
        try (EchoRequester requester = variant.open()) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, TIMEOUT)));
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger outcomes = new AtomicInteger();
            AtomicInteger thrown = new AtomicInteger();
            EchoListener listener = (request, outcome) -> outcomes.incrementAndGet();
            EchoRequest asked = Loopback.request(Loopback.V4, TIMEOUT);
            for (int round = 0; round < 20; round++) {
                Thread deep =
                        new Thread(null, () -> descend(requester, asked, listener, taken, thrown), "deep", 256 << 10);
                deep.start();
                deep.join();
                Outcomes.reply(requester
                        .sendAsync(Loopback.request(Loopback.V4, TIMEOUT))
                        .get(10, TimeUnit.SECONDS));
            }
            assertThat(thrown).as("calls that met the end of the stack").hasPositiveValue();
            Await.until("every request that was taken has its outcome", () -> outcomes.get() >= taken.get());
        }
    }

    /**
     * {@return how many frames are below this one} It asks once in each of the last on the way back, so at all
     * distances to the end.
     */
    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int descend(
            EchoRequester requester,
            EchoRequest asked,
            EchoListener listener,
            AtomicInteger taken,
            AtomicInteger thrown) {
        int below = 0;
        try {
            below = 1 + descend(requester, asked, listener, taken, thrown);
        } catch (StackOverflowError e) {
            // As deep as it goes: back from here.
        }
        if (below < FRAMES) {
            try {
                requester.sendAsync(asked, listener);
                taken.incrementAndGet();
            } catch (StackOverflowError e) {
                thrown.incrementAndGet();
            }
        }
        return below;
    }
}
