// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import java.io.PrintStream;

/**
 * Values for zabbix_sender(1), at the end: {@code netecho ping ... --format zabbix | zabbix_sender -c FILE -i -}. The
 * keys are those of Zabbix's own checks, with the target between the brackets; the host is that of the agent's file.
 */
final class ZabbixReport implements PingReport {
    private final PrintStream out;

    ZabbixReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started() {
        // Nothing is known yet.
    }

    @Override
    public void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome) {
        // Its counts are printed at the end.
    }

    @Override
    public void finished(RunResult result) {
        for (TargetStatistics target : result.targets()) {
            if (target.isTold()) { // 0 means that the host is down
                print("icmpping", target, target.received() > 0 ? "1" : "0");
            }
            if (target.ended() > 0) {
                print("icmppingloss", target, SummaryText.lossPercent(target));
            }
            if (!target.rtt().isEmpty()) {
                print("icmppingsec", target, Decimals.scaled(target.rtt().mean(), 1_000_000_000, 6));
            }
        }
    }

    /** A quoted parameter of a key may contain brackets and commas; the whole key is quoted for zabbix_sender. */
    private void print(String key, TargetStatistics target, String value) {
        String parameter = quoted(OneLine.of(target.target().text()));
        out.print("- " + quoted(key + "[" + parameter + "]") + " " + value + "\n");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
