// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class MonitorScreenTest {
    private final List<HostHistory> hosts = new ArrayList<>();

    private Target target(int last, String name, String label) {
        try {
            return new Target(
                    name,
                    label,
                    InetAddress.getByAddress(new byte[] {127, 0, (byte) (last >> 8), (byte) last}),
                    "",
                    false);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private HostHistory host(String name, String label, EchoOutcome... outcomes) {
        Target target = target(hosts.size(), name, label);
        HostHistory host = new HostHistory(target, new WatchRules(3, 5, null, 1));
        for (EchoOutcome outcome : outcomes) {
            host.add(new Probe(new RunEvents(), 0, target, 1), outcome, System.nanoTime());
        }
        hosts.add(host);
        return host;
    }

    private static EchoOutcome reply(double millis) {
        return ScriptedProvider.reply(EchoRequest.to(InetAddress.getLoopbackAddress()), Math.round(millis * 1_000_000));
    }

    private static EchoOutcome lost() {
        return ScriptedProvider.timedOut(false);
    }

    private static String text(MonitorScreen screen, int columns, int rows) {
        List<AttributedString> lines = screen.lines(columns, rows);
        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        StringBuilder text = new StringBuilder();
        for (AttributedString line : lines) {
            assertThat(line.columnLength()).isLessThanOrEqualTo(columns);
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static void press(MonitorScreen screen, String letters) {
        letters.chars().forEach(letter -> screen.key(Key.of(letter)));
    }

    @Test
    void worstHostsComeFirst() {
        host("fine", "", reply(1), reply(2), reply(8.4));
        host("slow", "", reply(1), lost());
        host("gone", "", reply(1), lost(), lost(), lost());
        host("odd", "", ScriptedProvider.timedOut(true));
        MonitorScreen screen = new MonitorScreen(hosts, false, false);
        assertThat(text(screen, 80, 8)).isEqualTo("""
                netecho monitor  4 targets  1 down  1 degraded  1 unknown  1 up  0 min
                state     target           loss     last      avg      p95  local
                down      gone              75%     1.00     1.00     1.00      -  .xxx
                degraded  slow              50%     1.00     1.00     1.00      -  .x
                unknown   odd                 -        -        -        -      1  ?
                up        fine               0%     8.40     3.80     8.40      -  .:#

                q quit  ? help  Enter details  t trace  s sort: state
                """);
    }

    @Test
    void sortsAndFiltersAndSelects() {
        host("b.example", "rack 1", reply(5));
        host("a.example", "rack 2", reply(9));
        host("c.example", "", lost());
        MonitorScreen screen = new MonitorScreen(hosts, false, true);
        press(screen, "s");
        assertThat(text(screen, 80, 10)).containsSubsequence("b.example", "a.example", "c.example", "sort: given");
        press(screen, "s");
        assertThat(text(screen, 80, 10)).containsSubsequence("c.example", "b.example", "a.example", "sort: loss");
        press(screen, "s");
        assertThat(text(screen, 80, 10)).containsSubsequence("a.example", "b.example", "c.example", "sort: time");
        press(screen, "s");
        assertThat(text(screen, 80, 10)).containsSubsequence("a.example", "b.example", "c.example", "sort: name");
        press(screen, "/RACK q");
        assertThat(text(screen, 80, 10)).contains("show only: RACK q_", "no target has");
        screen.key(Key.of(Key.Named.BACKSPACE));
        screen.key(Key.of(Key.Named.BACKSPACE));
        assertThat(text(screen, 80, 10)).contains("a.example", "b.example").doesNotContain("c.example");
        assertThat(screen.isQuit()).isFalse(); // q was a letter of the filter
        screen.key(Key.of(Key.Named.ENTER));
        screen.key(Key.of(Key.Named.DOWN));
        screen.key(Key.of(Key.Named.ENTER));
        assertThat(text(screen, 80, 24)).contains("b.example  rack 1  up");
        screen.key(Key.of(Key.Named.ESCAPE));
        assertThat(text(screen, 80, 10)).contains("c.example");
        press(screen, "q");
        assertThat(screen.isQuit()).isTrue();
    }

    @Test
    void detailHasAGraphLossesAndOutages() {
        host("gone", "", reply(1), reply(3), lost(), lost(), lost(), reply(2), lost(), lost(), lost());
        MonitorScreen screen = new MonitorScreen(hosts, false, true);
        text(screen, 80, 24);
        screen.key(Key.of(Key.Named.ENTER));
        assertThat(text(screen, 80, 24))
                .contains("gone  down (timed out)")
                .contains("loss: 67% of a minute, 67% of an hour, 67% of a day")
                .contains("ms: last 2.00, best 1.00, avg 2.00, p95 3.00, worst 3.00")
                .contains("     3.00 | *xxx xxx\n", "     1.00 |*|xxx|xxx\n")
                .containsPattern("outage from \\S+ until now: timed out\noutage from \\S+ until \\S+Z: timed out");
        press(screen, "r");
        assertThat(text(screen, 80, 24)).contains("gone  down").doesNotContain("until 2");
    }

    @Test
    void tracesTheChosenTarget() {
        host("one", "", reply(1));
        MonitorScreen screen = new MonitorScreen(hosts, false, true);
        AtomicInteger cancelled = new AtomicInteger();
        screen.tracer(target -> new MonitorScreen.TraceView() {
            @Override
            public String text() {
                return "hops to " + target.text();
            }

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        });
        text(screen, 80, 24);
        press(screen, "t");
        assertThat(text(screen, 80, 24)).contains("\nhops to one\n");
        press(screen, "t");
        assertThat(cancelled).hasValue(1);
        screen.key(Key.of(Key.Named.ESCAPE));
        assertThat(cancelled).hasValue(2);
        assertThat(text(screen, 80, 24)).doesNotContain("hops");
    }

    @Test
    void fitsEverySize() {
        for (int i = 0; i < 1_000; i++) {
            host("host-" + i + ".of-a-rather-long.name.example", "", reply(i + 1), lost());
        }
        MonitorScreen screen = new MonitorScreen(hosts, true, true);
        for (int columns : new int[] {1, 20, 40, 80, 300}) {
            for (int rows : new int[] {1, 2, 3, 5, 24, 200}) {
                text(screen, columns, rows);
            }
        }
        for (int i = 0; i < 70; i++) {
            screen.key(Key.of(Key.Named.PAGE_DOWN));
            text(screen, 80, 24);
        }
        assertThat(text(screen, 80, 24)).contains("host-999");
        screen.key(Key.of(Key.Named.UP));
        assertThat(text(screen, 80, 24)).contains("host-998");
        press(screen, "?");
        assertThat(text(screen, 80, 24)).contains("page up, page down");
        press(screen, "?p");
        assertThat(text(screen, 80, 24)).contains("PAUSED").doesNotContain("page up");
    }
}
