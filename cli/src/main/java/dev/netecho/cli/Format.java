// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What {@code netecho ping} prints for programs. */
enum Format {
    /** One object per line: docs/netecho.schema.json. */
    JSON {
        @Override
        PingReport report(PrintStream out, Duration interval) {
            return new JsonReport(out);
        }
    },
    /** A table with a line per request, RFC 4180. */
    CSV {
        @Override
        PingReport report(PrintStream out, Duration interval) {
            return new CsvReport(out);
        }
    },
    /** What a plugin of Netdata prints, again and again during the run. */
    NETDATA {
        @Override
        PingReport report(PrintStream out, Duration interval) {
            return new NetdataReport(out, interval);
        }
    },
    /** The line protocol of InfluxDB at the end, with the names of Telegraf's own ping plugin. */
    TELEGRAF {
        @Override
        PingReport report(PrintStream out, Duration interval) {
            return new TelegrafReport(out);
        }
    },
    /** What zabbix_sender(1) reads from a file, at the end, with the keys of Zabbix's own checks. */
    ZABBIX {
        @Override
        PingReport report(PrintStream out, Duration interval) {
            return new ZabbixReport(out);
        }
    };

    abstract PingReport report(PrintStream out, Duration interval);

    /** {@return the format that the user names} */
    static Format named(String option, String text) throws UsageException {
        return Arrays.stream(values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new UsageException(option + " is " + OneLine.quoted(text)
                        + "; it must be csv, json, netdata, telegraf or zabbix"));
    }
}
