// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.LinuxPacketSweep;
import dev.netecho.linux.PrivateNamespace;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import java.io.File;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way {@code packet} against a far end that does what it likes. */
@ExtendWith(PrivateNamespace.class)
@Timeout(60)
final class PacketWayTest {
    private static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final String SMALL = "198.18.31.0/24";
    private static final String LARGE = "198.18.32.0/22";

    /** An IP header and eight bytes, the least that RFC 792 asks for; and all of it. */
    private static final int SHORT_QUOTE = 28;

    private static final int WHOLE_QUOTE = 84;

    private static Sweep.Builder sweep(String range) {
        return Sweep.newBuilder(SweepTargets.of(range))
                .way(PacketWay.NAME)
                .rate(20_000)
                .coolDown(COOL_DOWN);
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void believesOnlyWhatAnswersItsProbes() throws Exception {
        Set<String> alive = new HashSet<>();
        AtomicInteger timed = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink(PacketWayTest::forge)) {
            SweepReport report = link.report(sweep(SMALL).listener(batch -> {
                for (int i = 0; i < batch.size(); i++) {
                    long roundTrip = batch.roundTripNanos(i);
                    assertThat(roundTrip).isLessThan(COOL_DOWN.toNanos());
                    if (batch.kind(i) == SweepBatch.Kind.REPLY) {
                        alive.add(batch.address(i).getHostAddress());
                        assertThat(roundTrip).isPositive();
                    } else if (batch.kind(i) == SweepBatch.Kind.ERROR) {
                        assertThat(batch.responder(i).getHostAddress()).isEqualTo("198.18.30.254");
                        timed.addAndGet(roundTrip > 0 ? 1 : 0);
                    }
                }
            }));
            assertThat(report.trouble()).isEmpty();
            assertThat(report.way()).isEqualTo(PacketWay.NAME);
            assertThat(report.answered()).isEqualTo(64);
            assertThat(report.duplicates()).hasValue(32);
            assertThat(report.errors()).isEqualTo(48);
            assertThat(report.silent()).isEqualTo(144);
            assertThat(report.packets()).isEqualTo(256);
            assertThat(alive).hasSize(64).contains("198.18.31.0", "198.18.31.31", "198.18.31.160");
            // The quote has the stamp, if it is long enough.
            assertThat(timed).hasValue(32);
        }
    }

    private static void forge(ScriptedLink link, ScriptedLink.Frame request) {
        int host = request.host();
        if (host < 32) {
            link.send(request.reply());
        } else if (host < 64) {
            link.send(request.reply().flippedToken());
        } else if (host < 96) {
            link.send(request.reply().flippedSource());
        } else if (host < 128) {
            link.send(request.reply().flippedStamp());
        } else if (host < 144) {
            link.send(request.reply().flippedSequence());
        } else if (host < 160) {
            link.send(request.reply().flippedIdentifier());
        } else if (host < 192) {
            link.send(request.reply());
            link.send(request.reply());
        } else if (host < 224) {
            link.send(request.unreachable(WHOLE_QUOTE));
        } else if (host < 240) {
            link.send(request.unreachable(SHORT_QUOTE));
        } else if (host < 248) {
            link.send(request.flippedSequence().unreachable(SHORT_QUOTE));
        } else if (host < 252) {
            link.send(request.flippedToken().unreachable(WHOLE_QUOTE));
        }
    }

    @Test
    void ignoresWhatComesAfterTheCoolDown() throws Exception {
        Duration coolDown = Duration.ofMillis(400);
        record Late(ScriptedLink.Frame frame, long nanos) {}

        Queue<Late> waiting = new ArrayDeque<>();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            long now = System.nanoTime();
            if (request.host() % 2 == 0) {
                far.send(request.reply());
            } else {
                waiting.add(new Late(request.reply(), now + 2 * coolDown.toNanos()));
            }
            while (!waiting.isEmpty() && waiting.peek().nanos <= now) {
                far.send(waiting.remove().frame);
            }
        })) {
            SweepReport report = link.report(sweep(SMALL).rate(150).coolDown(coolDown));
            assertThat(waiting).as("some were sent while the sweep ran").hasSizeLessThan(128);
            assertThat(report.answered()).isEqualTo(128);
            assertThat(report.silent()).isEqualTo(128);
        }
    }

    @Test
    void isUnsureOfSilentHostsWhileItsRingOverflows() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            for (int i = 0; request.host() != 77 && i < 40; i++) {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(SMALL)
                    .way(SmallRing.NAME)
                    .listener(batch -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20))));
            assertThat(report.answered() + report.unsure()).isEqualTo(256);
            assertThat(report.unsure()).isPositive();
            assertThat(report.silent()).isZero();
            assertThat(report.packets()).as("some were asked again").isGreaterThan(256);
        }
    }

    @Test
    void followsTheRouterToAnotherHardwareAddress() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                far.moveRouter();
            } else {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(2_000));
            assertThat(report.answered()).isEqualTo(1_024);
            assertThat(report.packets()).as("some went to the old address").isGreaterThan(1_024);
        }
    }

    @Test
    void outlastsALinkThatIsDownForAWhile() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                ScriptedLink.run("ip link set sw0 down; sleep 0.3; ip link set sw0 up");
                far.routes();
            } else {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(2_000));
            assertThat(report.trouble()).isEmpty();
            assertThat(report.answered()).isEqualTo(1_024);
        }
    }

    @Test
    void standsAFloodOfForgedReplies() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            for (int i = 0; i < 100; i++) {
                far.send(request.reply().flippedToken());
            }
            far.send(request.reply());
        })) {
            SweepReport report = link.report(sweep(SMALL));
            assertThat(report.answered()).isEqualTo(256);
            assertThat(report.duplicates()).hasValue(0);
        }
    }

    @Test
    void refusesWhatIsNotBehindOneRouter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {})) {
            assertRefused("198.18.30.0/24", "is on a link of this host, not behind a router; use the way requester");
            assertRefused("198.19.0.0/24", "this host has no route to 198.19.0.0");
            assertRefused("198.18.31.0-198.18.36.0", "in part; use the way requester");
            assertRefused("2001:2::/120", "sends IPv4 only");
            link.addRoute("198.18.31.128/26 via 198.18.30.253");
            assertRefused(SMALL, "several routers in part");
        }
    }

    private static void assertRefused(String range, String why) {
        assertThatExceptionOfType(EchoUnavailableException.class)
                .isThrownBy(() -> sweep(range).start())
                .withMessageContaining(why);
    }

    @Test
    void releasesWhatItOpened() throws Exception {
        assertThat(new LinuxPacketSweep().availability().isAvailable()).isTrue();
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            link.report(sweep(SMALL));
            int descriptors = descriptors();
            long memory = NativeMemory.liveBytes();
            for (int i = 0; i < 3; i++) {
                link.report(sweep(SMALL));
            }
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
            assertThat(NativeMemory.liveBytes()).isEqualTo(memory);
        }
    }
}
