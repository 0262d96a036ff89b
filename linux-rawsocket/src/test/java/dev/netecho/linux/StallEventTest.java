// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java Flight Recorder is told who was held, and for how long. */
@EngineTest
@SuppressForbidden("jdk.jfr is not in every Java runtime, but in the JDK of the tests")
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class StallEventTest {
    private static final String STALL = "dev.netecho.LoopStall";
    private static final Duration HOLD = Duration.ofMillis(80);

    @TempDir
    private Path folder;

    @Test
    void aListenerOrTheOwnerOfALentLoopHoldsIt() throws Exception {
        Path file = folder.resolve("stalls.jfr");
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (Recording recording = new Recording();
                EchoRequester datagram =
                        EngineVariant.DATAGRAM.builder().name("datagram").open();
                EchoRequester raw = EngineVariant.RAW.builder().name("raw").open();
                EchoRequester lent = EngineVariant.DATAGRAM
                        .builder()
                        .name("lent")
                        .option(NettyOptions.EVENT_LOOP_GROUP, group)
                        .open()) {
            recording.enable(STALL);
            recording.start();
            holdByListener(datagram);
            holdByListener(raw);
            holdByOwner(lent, group);
            recording.stop();
            recording.dump(file);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        List<RecordedEvent> stalls = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(STALL))
                .filter(event -> event.getDuration("held").compareTo(HOLD.dividedBy(2)) > 0)
                .toList();
        assertThat(stalls)
                .extracting(event -> event.getString("requester"))
                .containsOnlyOnce("datagram", "raw", "lent");
    }

    private static void holdByListener(EchoRequester requester) throws Exception {
        CompletableFuture<Void> held = new CompletableFuture<>();
        requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofSeconds(10)), (request, outcome) -> {
            hold();
            held.complete(null);
        });
        held.get(10, TimeUnit.SECONDS);
        goOn(requester);
    }

    /** While a request is due. */
    private static void holdByOwner(EchoRequester requester, IoEventLoopGroup group) throws Exception {
        try (Loopback.Silence silence = Loopback.silence()) {
            var due = requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(30)));
            Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
            group.submit(StallEventTest::hold).get(10, TimeUnit.SECONDS);
            due.get(10, TimeUnit.SECONDS);
        }
        goOn(requester);
    }

    private static void hold() {
        Await.within(HOLD, () -> false);
    }

    /** The round that was held is over. */
    private static void goOn(EchoRequester requester) throws Exception {
        for (int i = 0; i < 2; i++) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(10))));
        }
    }
}
