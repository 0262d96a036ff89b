// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoRequest;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.Await;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.StrayCounts;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How queues of many kinds of packet come and go. */
final class SendQueuesTest {
    private static final int MARKS = 200;

    private final SendQueues queues = new SendQueues(
            SocketKind.DATAGRAM,
            SocketSettings.DEFAULT,
            SendPace.of(new EchoConfig("send-queues-test", Map.of(), new StrayCounts()), 0),
            new SubmissionStack(),
            new Outcomes(new LoopState("test")));

    @AfterEach
    void close() {
        queues.close();
    }

    private SendQueue marked(int mark) {
        return queues.of(EchoRequest.newBuilder(Pendings.address("127.0.0.1"))
                .options(EchoOptions.DEFAULT.withMark(mark))
                .build());
    }

    @Test
    void idleQueuesMakeRoomForOthers() {
        for (int mark = 1; mark <= MARKS; mark++) {
            marked(mark);
            assertThat(queues.size()).isLessThanOrEqualTo(64);
        }
    }

    @Test
    void idleQueuesGoAfterAWhile() {
        for (int mark = 1; mark <= MARKS; mark++) {
            marked(mark).enqueue(Pendings.any());
        }
        assertThat(queues.size()).isEqualTo(MARKS);
        for (int i = 0; i < MARKS - 1; i++) {
            SendQueue queue = queues.get(i);
            queue.failedToGrow(new IllegalStateException("no socket"));
            assertThat(queue.removeStuckHead()).isTrue();
        }
        long now = System.nanoTime();
        queues.dropIdleSometimes(now);
        assertThat(queues.size()).as("at once").isEqualTo(MARKS);
        assertThat(queues.nextNanos() - now).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(10));
        queues.dropIdleSometimes(now + TimeUnit.SECONDS.toNanos(11));
        assertThat(queues.size()).as("but not the one that has a request").isEqualTo(1);
        assertThat(queues.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void idleQueuesGoAtOnceIfThereIsNoRoomForAnotherSocket() {
        for (int mark = 1; mark <= 64; mark++) {
            marked(mark);
        }
        assertThat(queues.size()).isEqualTo(64);
        Await.until("they are looked at", () -> {
            assertThat(queues.makesRoom()).as("no socket is leaving").isFalse();
            return queues.size() == 0;
        });
    }
}
