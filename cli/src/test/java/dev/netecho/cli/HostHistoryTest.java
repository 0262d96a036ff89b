// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HostHistoryTest {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final Target TARGET = new Target("host", HOST);
    private static final long SECOND = 1_000_000_000;

    private final HostHistory host = new HostHistory(TARGET, new WatchRules(3, 20, Duration.ofMillis(5), 1));
    private long now;

    private HostState after(EchoOutcome... outcomes) {
        for (EchoOutcome outcome : outcomes) {
            now += SECOND;
            HostState before = host.state();
            boolean changed = host.add(new Probe(new RunEvents(), 0, TARGET, 1), outcome, now);
            assertThat(changed).isEqualTo(before != host.state());
        }
        return host.state();
    }

    private static EchoOutcome reply(double millis) {
        return ScriptedProvider.reply(EchoRequest.to(HOST), Math.round(millis * 1_000_000));
    }

    private static EchoOutcome lost() {
        return ScriptedProvider.timedOut(false);
    }

    private static EchoOutcome dropped() {
        return ScriptedProvider.timedOut(true);
    }

    private static EchoOutcome unreachable() {
        return ScriptedProvider.error(HOST, IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty());
    }

    @Test
    void isUnknownUntilARequestHasTold() {
        assertThat(host.state()).isEqualTo(HostState.UNKNOWN);
        assertThat(after(ScriptedProvider.noRoute())).isEqualTo(HostState.UNKNOWN);
        assertThat(after(reply(1))).isEqualTo(HostState.UP);
    }

    @Test
    void isDownAfterSoManyInARow() {
        after(reply(1), reply(1), reply(1), reply(1), reply(1), reply(1), reply(1), reply(1));
        assertThat(after(lost())).isEqualTo(HostState.UP); // one of nine
        assertThat(after(unreachable())).isEqualTo(HostState.DEGRADED); // two of ten
        assertThat(after(lost())).isEqualTo(HostState.DOWN);
        assertThat(host.outages()).hasSize(1);
        assertThat(host.outages()[0].until()).isNull();
        assertThat(after(lost())).isEqualTo(HostState.DOWN);
        assertThat(host.outages()).hasSize(1);
        assertThat(after(reply(1))).isEqualTo(HostState.DEGRADED);
        assertThat(host.outages()[0].until()).isNotNull();
        assertThat(host.outages()[0].why()).isEqualTo("timed out");
    }

    @Test
    void whatThisHostDroppedNeverMakesItDown() {
        after(reply(1));
        assertThat(after(dropped(), dropped(), dropped(), dropped())).isEqualTo(HostState.UNKNOWN);
        assertThat(host.untold()).isEqualTo(4);
        assertThat(host.outages()).isEmpty();
        assertThat(after(reply(1))).isEqualTo(HostState.UP);
        assertThat(host.minute().percent(now)).isEqualTo("0%");
    }

    @Test
    void nothingIsKnownOfAHostThatWasDownAndCannotBeAsked() {
        assertThat(after(lost(), lost(), lost(), dropped(), ScriptedProvider.noRoute()))
                .isEqualTo(HostState.DOWN);
        assertThat(after(dropped(), dropped())).isEqualTo(HostState.UNKNOWN);
        assertThat(after(lost())).isEqualTo(HostState.DOWN);
        assertThat(host.outages()).hasSize(1);
    }

    @Test
    void isDegradedWhereItIsSlow() {
        assertThat(after(reply(9), reply(9))).isEqualTo(HostState.DEGRADED);
        for (int i = 0; i < 10; i++) {
            after(reply(1));
        }
        assertThat(host.state()).isEqualTo(HostState.UP);
    }

    @Test
    void forgetsLossesAfterAMinute() {
        after(reply(1), lost());
        assertThat(host.state()).isEqualTo(HostState.DEGRADED);
        now += 60 * SECOND;
        assertThat(after(reply(1))).isEqualTo(HostState.UP);
        assertThat(host.hour().lost(now)).isEqualTo(1);
        assertThat(host.day().percent(now)).isEqualTo("33%");
    }

    @Test
    void keepsTheLatestTimes() {
        for (int i = 1; i <= HostHistory.RECENT + 30; i++) {
            after(reply(i));
        }
        assertThat(host.recent()).hasSize(HostHistory.RECENT);
        assertThat(host.last()).isEqualTo(150_000_000);
        assertThat(host.times().min()).isEqualTo(31_000_000);
        assertThat(host.p95()).isEqualTo(144_000_000); // 114 of 120 are not above it
        after(lost(), dropped());
        assertThat(host.last()).isEqualTo(150_000_000);
        host.reset();
        assertThat(host.recent()).isEmpty();
        assertThat(host.p95()).isZero();
    }

    @Test
    void anOutageOfBurstsBeginsWithTheFirstLostRequest() {
        HostHistory judged = new HostHistory(TARGET, new WatchRules(2, 20, null, 2));
        Probe[] probes = new Probe[8];
        for (int i = 0; i < probes.length; i++) {
            probes[i] = new Probe(new RunEvents(), 0, TARGET, i + 1);
            EchoOutcome outcome = i < 2 || i == 7 ? reply(1) : lost();
            boolean changed = judged.add(probes[i], outcome, i * SECOND);
            assertThat(changed).as("after request %d", i + 1).isEqualTo(i == 1 || i == 5 || i == 7);
        }
        assertThat(judged.state()).isEqualTo(HostState.DEGRADED);
        assertThat(judged.why()).isEqualTo("1 of 2 lost");
        assertThat(judged.outages())
                .containsExactly(new HostHistory.Outage(probes[2].asked(), probes[7].asked(), "2 of 2 lost"));
    }
}
