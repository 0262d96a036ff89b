// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.engine.SendPace;
import dev.netecho.engine.SubmissionStack;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request for which no socket can be opened. */
final class LaneGroupTest {
    @Test
    void saysThatTooManySocketsAreOpen() {
        EchoOutcome.NotSent refusal = refusal(key -> {
            throw new NoMoreLanesException(LaneSet.MAX_LANES);
        });
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(refusal.detail())
                .contains("all " + LaneSet.MAX_LANES + " sockets")
                .contains("fewer source addresses");
    }

    @Test
    void saysWhichCallTheSystemRefused() {
        EchoOutcome.NotSent refusal = refusal(key -> {
            throw new SystemCallException("socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)", Errno.EMFILE);
        });
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(refusal.osError()).hasValue(Errno.EMFILE);
        assertThat(refusal.detail()).contains("SOCK_DGRAM").contains("EMFILE");
    }

    @Test
    void saysWhatElseWentWrong() {
        EchoOutcome.NotSent refusal = refusal(key -> {
            throw new IllegalStateException("the event loop cannot watch the descriptor");
        });
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(refusal.detail()).contains("cannot watch the descriptor");
    }

    /** As where no descriptor is left to read a class from a folder. */
    @Test
    void saysThatAClassIsMissingAndDoesNotKeepTheRequest() {
        EchoOutcome.NotSent refusal = refusal(key -> {
            throw new NoClassDefFoundError("dev/netecho/linux/socket/Some");
        });
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(refusal.detail()).contains("no socket could be opened").contains("NoClassDefFoundError");
    }

    /** SPEC OUT-4, PRO-4: a source is asked for anew, a shortage is not. */
    @ParameterizedTest
    @CsvSource({
        Errno.EADDRNOTAVAIL + ",true",
        Errno.ENODEV + ",true",
        Errno.EINVAL + ",true",
        Errno.EMFILE + ",false",
        Errno.ENFILE + ",false",
        Errno.ENOMEM + ",false",
        Errno.ENOBUFS + ",false"
    })
    void triesAgainWithinAMillisecondUnlessThereIsAShortage(int errno, boolean soon) {
        AtomicInteger tries = new AtomicInteger();
        SendPace pace = SendPace.of(new EchoConfig("lane-group-test", Map.of(), new EchoCounters()), 0);
        try (Wire wire = new Wire(
                new SecureRandom(), pace, new SubmissionStack(), SocketKind.DATAGRAM, SocketSettings.DEFAULT)) {
            LaneGroup group = new LaneGroup(LaneKey.V6, 1, Long.MAX_VALUE, wire, key -> {
                tries.incrementAndGet();
                throw new SystemCallException("bind(2001:2::1, 0)", errno);
            });
            long start = System.nanoTime();
            group.enqueue(Pendings.any());
            assertThat(group.turn()).isTrue();
            long failed = System.nanoTime();
            long begun;
            do { // the last turn begins late enough, however long this thread was stopped
                begun = System.nanoTime();
                group.enqueue(Pendings.any());
                assertThat(group.turn()).isTrue();
            } while (begun - failed <= 5_000_000);
            long most = (System.nanoTime() - start) / (soon ? 1_000_000 : 1_000_000_000) + 1;
            assertThat(tries.get()).isBetween(soon ? 2 : 1, Math.toIntExact(most));
        }
    }

    private static EchoOutcome.NotSent refusal(LaneGroup.LaneOpener opener) {
        AtomicReference<EchoOutcome> outcome = new AtomicReference<>();
        SendPace pace = SendPace.of(new EchoConfig("lane-group-test", Map.of(), new EchoCounters()), 0);
        try (Wire wire = new Wire(
                new SecureRandom(), pace, new SubmissionStack(), SocketKind.DATAGRAM, SocketSettings.DEFAULT)) {
            LaneGroup group = new LaneGroup(LaneKey.V4, 1, Long.MAX_VALUE, wire, opener);
            group.enqueue(Pendings.recording(outcome));
            assertThat(group.turn()).isTrue();
            assertThat(group.isIdle()).isTrue();
        }
        return (EchoOutcome.NotSent) outcome.get();
    }
}
