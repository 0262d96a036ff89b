// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoRequest;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.Await;
import dev.netecho.linux.host.ProcessRights;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.loop.Watch;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.StrayCounts;
import java.time.Duration;
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
            queue.failedToGrow(new IllegalStateException("no socket"), "");
            assertThat(queue.removeStuckHead()).isTrue();
        }
        long now = System.nanoTime();
        queues.dropUnusedSometimes(now);
        assertThat(queues.size()).as("at once").isEqualTo(MARKS);
        assertThat(queues.nextNanos() - now).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(10));
        queues.dropUnusedSometimes(now + TimeUnit.SECONDS.toNanos(11));
        assertThat(queues.size()).as("used since the last look").isEqualTo(MARKS);
        queues.dropUnusedSometimes(now + TimeUnit.SECONDS.toNanos(22));
        assertThat(queues.size()).as("but not the one that has a request").isEqualTo(1);
        assertThat(queues.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    /** An old socket and the new one would not fit at once. */
    @Test
    void idleSocketsMakeRoomForAnother() throws Exception {
        for (int turn = 0; turn < 3; turn++) { // however soon they follow each other
            for (int mark = 1; mark <= 3; mark++) {
                SendQueue queue = marked(mark);
                EchoSocket socket = queues.open(queue.key);
                socket.start(new Unwatched(socket));
                queue.add(socket);
            }
            assertThat(queues.makesRoom()).isTrue();
            assertThat(queues.size()).isZero();
        }
        SendQueue plain = queues.of(EchoRequest.to(Pendings.address("127.0.0.1")));
        plain.enqueue(Pendings.any());
        marked(1);
        assertThat(queues.makesRoom()).as("that one has no socket").isFalse();
        assertThat(queues.size()).isEqualTo(1);
        assertThat(queues.get(0)).isSameAs(plain);
        Await.within(Duration.ofMillis(5), () -> false);
        assertThat(queues.makesRoom()).as("nothing is left to make room").isFalse();
        assertThat(queues.areReleased()).isTrue();
    }

    @Test
    void saysWhatToDoAboutADenial() {
        SystemCallException denied = new SystemCallException("socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)", 13);
        assertThat(queues.denial(denied)).isEqualTo(ProcessRights.remedyForDenial(SocketKind.DATAGRAM, denied));
        assertThat(queues.denial(new SystemCallException(denied.call(), Errno.EMFILE)))
                .isEmpty();
        assertThat(queues.denial(new IllegalStateException())).isEmpty();
    }

    /** Of a loop that forgets a socket at once, as those do on their own thread. */
    private final class Unwatched implements Watch {
        private final EchoSocket socket;

        Unwatched(EchoSocket socket) {
            this.socket = socket;
        }

        @Override
        public void writable(boolean wanted) {}

        @Override
        public boolean pause(boolean needed) {
            return false;
        }

        @Override
        public void resume() {}

        @Override
        public void cancel() {
            socket.close();
            assertThat(queues.remove(socket)).isFalse();
        }
    }
}
