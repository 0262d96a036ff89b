// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Watches hosts: a live screen on a terminal, otherwise a line for each change of a state. */
final class MonitorReport implements PingReport {
    private static final long DRAWN_EVERY_NANOS = 200_000_000;

    private final List<HostHistory> hosts = new ArrayList<>();
    private final Map<TargetStatistics, HostHistory> histories = new HashMap<>();
    private final PingReport end;
    private final @Nullable StateLines lines;
    private final @Nullable LiveTerminal terminal;
    private final MonitorScreen screen;
    private Runnable quit = () -> {};
    private long drawnNanos = System.nanoTime() - DRAWN_EVERY_NANOS;

    /**
     * Constructs the report.
     *
     * @param lines prints changes of states; null if a screen shows them
     * @param terminal where to show the screen; null for nowhere. The report closes it
     * @param end prints what was counted when the run is over
     */
    MonitorReport(
            List<TargetStatistics> targets,
            WatchRules rules,
            @Nullable StateLines lines,
            @Nullable LiveTerminal terminal,
            boolean colours,
            PingReport end) {
        this.lines = lines;
        this.terminal = terminal;
        this.end = end;
        for (TargetStatistics target : targets) {
            HostHistory history = new HostHistory(target.target(), rules);
            hosts.add(history);
            histories.put(target, history);
        }
        this.screen = new MonitorScreen(hosts, colours, terminal != null && terminal.isUnicode());
    }

    MonitorScreen screen() {
        return screen;
    }

    /** Says what ends the run. */
    void quit(Runnable value) {
        quit = value;
    }

    /** {@return whether a host is down, or nothing is known of it} */
    boolean isAnyDown() {
        return hosts.stream().anyMatch(host -> host.state() == HostState.DOWN || host.state() == HostState.UNKNOWN);
    }

    @Override
    public void started() {
        tick();
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        HostHistory host = histories.get(target);
        if (host != null) {
            HostState before = host.state();
            if (host.add(probe, outcome, System.nanoTime()) && lines != null) {
                lines.changed(host, before, probe.asked());
            }
        }
    }

    @Override
    public void tick() {
        LiveTerminal live = terminal;
        if (live == null) {
            return;
        }
        boolean pressed = false;
        for (Key key = live.key(); key != null; key = live.key()) {
            screen.key(key);
            pressed = true;
        }
        if (screen.isQuit()) {
            quit.run();
        }
        long now = System.nanoTime();
        if (pressed || (!screen.isPaused() && now - drawnNanos >= DRAWN_EVERY_NANOS)) {
            drawnNanos = now;
            live.draw(screen.lines(live.columns(), live.rows()));
        }
    }

    @Override
    public void interrupted() {
        if (terminal != null) {
            terminal.redraw();
        }
    }

    @Override
    public void finished(RunResult result) {
        close();
        end.finished(result);
    }

    /** Gives the terminal back. */
    void close() {
        if (terminal != null) {
            terminal.close();
        }
    }
}
