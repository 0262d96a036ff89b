// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressForbidden("jdk.jfr is not in every Java runtime, but in the JDK of the tests")
class FlightEventsTest {
    private static final String REQUEST = "dev.netecho.EchoRequest";
    private static final String DROPS = "dev.netecho.ReceiveDrops";
    private static final String STALL = "dev.netecho.LoopStall";

    @TempDir
    private Path folder;

    @Test
    void requestsAreRecordedWithTheirOutcome() throws Exception {
        List<RecordedEvent> events =
                record(all -> all.enable(REQUEST).withThreshold(Duration.ZERO), FlightEventsTest::requests);

        assertThat(events).allSatisfy(event -> {
            assertThat(event.getString("requester")).startsWith("icmp-echo-");
            assertThat(event.getStackTrace()).isNull();
            assertThat(event.getInt("payload")).isEqualTo(EchoPayload.DEFAULT.size());
        });
        assertThat(events)
                .extracting(
                        event -> event.getString("destination"),
                        event -> event.getString("outcome"),
                        event -> event.getString("reason"),
                        event -> roundTrip(event))
                .containsExactly(
                        tuple("reply", null, 3_000_000L),
                        tuple("icmp_error", "host_unreachable", 4_000_000L),
                        tuple("timed_out", null, Long.MIN_VALUE),
                        tuple("not_sent", "os_error", Long.MIN_VALUE),
                        tuple("not_sent", "cancelled", Long.MIN_VALUE),
                        tuple("not_sent", "closed", Long.MIN_VALUE));
    }

    private static Tuple tuple(String outcome, String reason, long roundTrip) {
        return new Tuple(Addresses.V4.getHostAddress(), outcome, reason, roundTrip);
    }

    private static long roundTrip(RecordedEvent event) {
        return event.getLong("roundTrip");
    }

    /** One request with each outcome. */
    private static void requests() {
        EchoRequest request = EchoRequest.to(Addresses.V4);
        OptionalInt none = OptionalInt.empty();
        for (EchoOutcome outcome : List.of(
                new EchoOutcome.Reply(
                        Addresses.V4,
                        Duration.ofMillis(3),
                        Duration.ZERO,
                        TimestampSource.KERNEL,
                        none,
                        EchoPayload.DEFAULT,
                        true),
                new EchoOutcome.IcmpError(
                        Addresses.V4,
                        IcmpErrorKind.HOST_UNREACHABLE,
                        none,
                        none,
                        none,
                        Duration.ofMillis(4),
                        Duration.ZERO),
                FakeEngine.TIMED_OUT,
                EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "of a test"))) {
            requester(pending -> {
                        pending.markSent();
                        pending.complete(outcome);
                    })
                    .sendAsync(request, (asked, told) -> assertThat(told).isSameAs(outcome));
        }
        EchoRequester silent = requester(PendingEcho::markSent);
        silent.sendAsync(request, (asked, told) -> {}).cancel();
        silent.close();
        silent.sendAsync(request, (asked, told) -> {}); // refused, without the engine
    }

    private static EchoRequester requester(Consumer<PendingEcho> script) {
        return FakeEngine.requester(new FakeEngine(script), 10, null);
    }

    @Test
    void aShortRequestIsNotRecorded() throws Exception {
        assertThat(record(all -> all.enable(REQUEST).withThreshold(Duration.ofHours(1)), FlightEventsTest::requests))
                .isEmpty();
    }

    @Test
    void dropsAndStallsAreRecorded() throws Exception {
        List<RecordedEvent> events = record(
                all -> {
                    all.enable(DROPS);
                    all.enable(STALL);
                },
                FlightEventsTest::dropAndStall);

        assertThat(events)
                .extracting(event -> event.getEventType().getName(), event -> event.getString("requester"))
                .containsExactly(Tuple.tuple(DROPS, "a"), Tuple.tuple(STALL, "a"));
        assertThat(events.get(0).getLong("packets")).isEqualTo(3);
        assertThat(events.get(1).getDuration("held")).isEqualTo(Duration.ofMillis(20));
    }

    private static void dropAndStall() {
        RequesterCounters counters = new RequesterCounters("a");
        counters.count(Stray.DROPPED_LOCALLY, 3);
        counters.count(Stray.LATE, 4);
        counters.held(Duration.ofMillis(20).toNanos());
        counters.held(Duration.ofMillis(20).toNanos() - 1);
    }

    @Test
    void areOffByDefault() throws Exception {
        assertThat(record(all -> {}, () -> {
                    requests();
                    dropAndStall();
                }))
                .isEmpty();
    }

    /** They would make every start longer. A JVM of its own: in this one, other tests have loaded them. */
    @Test
    void areNotLoadedBeforeARecording() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).as(output).isZero();
        assertThat(output).contains("dev.netecho.FlightEvents ").doesNotContain("Event source: file");
    }

    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            new RequesterCounters("a").count(Stray.DROPPED_LOCALLY, 1);
            requester(PendingEcho::markSent).sendAsync(EchoRequest.to(Addresses.V4), (asked, told) -> {});
        }
    }

    private List<RecordedEvent> record(Consumer<Recording> settings, Runnable work) throws Exception {
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            settings.accept(recording);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.netecho."))
                .sorted((one, other) -> one.getEndTime().compareTo(other.getEndTime()))
                .toList();
    }
}
