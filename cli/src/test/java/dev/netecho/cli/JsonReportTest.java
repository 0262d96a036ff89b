// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoCapability;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.path.PathEnd;
import dev.netecho.path.PathMtuLimit;
import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JsonReportTest {
    private static final String NO_STRAYS = "\"duplicates\":null,\"late\":null,\"altered\":null,\"wrong_source\":null";

    @Test
    void everyOutcomeHasItsDocumentedLine() {
        ScriptedProvider provider = ScriptedProvider.answering(List.of(
                (request, n) -> ScriptedProvider.reply(request, 11_240),
                (request, n) -> ScriptedProvider.altered(request, 12_000),
                (request, n) -> ScriptedProvider.error(
                        InetAddress.getLoopbackAddress(), IcmpErrorKind.HOP_LIMIT_EXCEEDED, 11, 0, OptionalInt.empty()),
                (request, n) -> ScriptedProvider.timedOut(true),
                (request, n) -> ScriptedProvider.noRoute()));
        CommandRun run = CommandRun.with(provider).ping("--json", "-c", "5", "-i", "0.002", "-s", "8", "127.0.0.1");
        String start = "{\"type\":\"outcome\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"sequence\":";
        assertThat(run.out
                        .replaceAll("(\"(queue|elapsed)_us\"):[0-9]+[.][0-9]", "$1:7.0")
                        .replaceAll(",\"asked_at_us\":[0-9]{16},", ",")
                        .replaceAll(",\"version\":1}", "}")
                        .split("\n"))
                .containsExactly(
                        start
                                + "1,\"outcome\":\"reply\",\"responder\":\"127.0.0.1\",\"rtt_us\":11.2,"
                                + "\"rtt_uncertainty_us\":0.5,"
                                + "\"timestamp_source\":\"kernel\",\"hop_limit\":64,\"bytes\":8,\"intact\":true}",
                        start
                                + "2,\"outcome\":\"reply\",\"responder\":\"127.0.0.1\",\"rtt_us\":12.0,"
                                + "\"rtt_uncertainty_us\":0.5,"
                                + "\"timestamp_source\":\"process\",\"hop_limit\":null,\"bytes\":8,\"intact\":false}",
                        start + "3,\"outcome\":\"icmp_error\",\"kind\":\"hop_limit_exceeded\",\"icmp_type\":11,"
                                + "\"icmp_code\":0,\"responder\":\"127.0.0.1\",\"next_hop_mtu\":null,"
                                + "\"rtt_us\":81.0,\"rtt_uncertainty_us\":0.5}",
                        start + "4,\"outcome\":\"timed_out\",\"waited_us\":1000300.0,\"local_drops_suspected\":true}",
                        start + "5,\"outcome\":\"not_sent\",\"reason\":\"no_route\","
                                + "\"detail\":\"sendmmsg to 2001:db8::1: ENETUNREACH (101): Network is unreachable\","
                                + "\"os_error\":101}",
                        "{\"type\":\"summary\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\","
                                + "\"asked\":5,\"sent\":4,\"received\":2,"
                                + "\"icmp_errors\":1,"
                                + "\"timed_out\":1,\"not_sent\":1,\"given_up\":0,\"loss_percent\":60," + NO_STRAYS
                                + ",\"rtt_min_us\":11.2,"
                                + "\"rtt_avg_us\":11.6,\"rtt_max_us\":12.0,\"rtt_stddev_us\":0.4,"
                                + "\"provider\":\"scripted\"}",
                        "{\"type\":\"total\",\"targets\":1,\"answered_all\":0,\"answered_some\":1,"
                                + "\"answered_none\":0,\"asked\":5,\"sent\":4,\"received\":2,\"icmp_errors\":1,"
                                + "\"timed_out\":1,\"not_sent\":1,\"given_up\":0,\"loss_percent\":60,"
                                + "\"rtt_min_us\":11.2,\"rtt_avg_us\":11.6,\"rtt_max_us\":12.0,"
                                + "\"rtt_stddev_us\":0.4,\"elapsed_us\":7.0,\"provider\":\"scripted\"}",
                        "{\"type\":\"statistics\",\"sent\":4,\"replies\":2,\"icmp_errors\":1,\"timed_out\":1,"
                                + "\"not_sent\":1,\"abandoned\":0,\"in_flight\":0,\"queued\":0,\"queue_us\":7.0,"
                                + "\"pace_us\":0.0,\"duplicates\":null,"
                                + "\"late\":null,\"altered\":null,\"wrong_source\":null,\"unmatched\":null,"
                                + "\"dropped_locally\":null}");
        assertThat(run.err).isEmpty();
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void timesAreNullWithoutAReply() {
        ScriptedProvider provider = new ScriptedProvider((request, n) -> ScriptedProvider.noRoute());
        assertThat(CommandRun.with(provider).ping("--json", "-c", "1", "::1").out)
                .contains(
                        "\"asked\":1,\"sent\":0,\"received\":0,", "\"not_sent\":1,\"given_up\":0,\"loss_percent\":100,")
                .contains("\"rtt_min_us\":null,\"rtt_avg_us\":null,\"rtt_max_us\":null,\"rtt_stddev_us\":null,"
                        + "\"provider\"");
    }

    @Test
    void countersOfTheRequesterBelongToTheOnlyTarget() {
        ScriptedProvider provider = new ScriptedProvider()
                .strays(Map.of(Stray.DUPLICATE, 2L, Stray.LATE, 0L, Stray.ALTERED, 3L, Stray.UNMATCHED, 7L));
        CommandRun run = CommandRun.with(provider).ping("--json", "-c", "1", "127.0.0.1");
        assertThat(run.out)
                .contains("\"not_sent\":0,\"given_up\":0,\"loss_percent\":0,\"duplicates\":2,\"late\":0,"
                        + "\"altered\":3,\"wrong_source\":null,\"rtt_min_us\"")
                .contains("\"duplicates\":2,\"late\":0,\"altered\":3,\"wrong_source\":null,\"unmatched\":7,"
                        + "\"dropped_locally\":null,\"version\":1}\n");
    }

    @Test
    void withSeveralTargetsACounterIsToldOnlyWhereItIsCertain() {
        ScriptedProvider provider = new ScriptedProvider(
                        (request, n) -> request.destination().getAddress()[3] == 1
                                ? ScriptedProvider.altered(request, 1_000)
                                : ScriptedProvider.reply(request, 1_000))
                .strays(Map.of(Stray.DUPLICATE, 2L, Stray.LATE, 0L, Stray.ALTERED, 1L));
        CommandRun run = CommandRun.with(provider).ping("--json", "-c", "1", "127.0.0.1", "127.0.0.2");
        assertThat(run.out)
                .containsSubsequence(
                        "\"summary\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\"",
                        "\"duplicates\":null,\"late\":0,\"altered\":1,\"wrong_source\":null",
                        "\"summary\",\"target\":\"127.0.0.2\"",
                        "\"duplicates\":null,\"late\":0,\"altered\":0,\"wrong_source\":null");
    }

    @Test
    void theTotalCountsTargetsAndAllTheirPackets() {
        ScriptedProvider provider = new ScriptedProvider(
                (request, n) -> switch (request.destination().getAddress()[3]) {
                    case 1 -> ScriptedProvider.reply(request, 1_000);
                    case 2 -> n == 1 ? ScriptedProvider.reply(request, 4_000) : ScriptedProvider.timedOut(false);
                    default -> ScriptedProvider.timedOut(false);
                });
        CommandRun run = CommandRun.with(provider)
                .ping("--json", "-c", "2", "-i", "0.002", "127.0.0.1", "127.0.0.2", "127.0.0.3", "no.such.invalid");
        assertThat(run.out)
                .contains("{\"type\":\"total\",\"targets\":4,\"answered_all\":1,\"answered_some\":1,"
                        + "\"answered_none\":2,\"asked\":8,\"sent\":6,\"received\":3,\"icmp_errors\":0,"
                        + "\"timed_out\":3,\"not_sent\":2,\"given_up\":0,\"loss_percent\":62.5,"
                        + "\"rtt_min_us\":1.0,\"rtt_avg_us\":2.0,\"rtt_max_us\":4.0,\"rtt_stddev_us\":1.4,");
    }

    @Test
    void anOutcomeSaysWhenTheRequestWasMade() {
        long before = System.currentTimeMillis();
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("--json", "-c", "1", "127.0.0.1");
        Matcher time = Pattern.compile("\"asked_at_us\":([0-9]+),").matcher(run.out);
        assertThat(time.find()).isTrue();
        assertThat(Long.parseLong(time.group(1)) / 1_000).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void theSchemaKnowsEveryConstant() {
        String schema = PublishedSchema.text();
        for (Enum<?>[] constants : List.<Enum<?>[]>of(
                TimestampSource.values(),
                IcmpErrorKind.values(),
                NotSentReason.values(),
                EchoCapability.values(),
                PathEnd.values(),
                PathMtuLimit.values())) {
            for (Enum<?> constant : constants) {
                assertThat(schema).contains("\"" + JsonReport.lowerCase(constant) + "\"");
            }
        }
    }

    @Test
    void theTargetIsTheTextThatWasGiven() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("--json", "-c", "1", "0:0:0:0:0:0:0:1");
        assertThat(run.out).contains("\"target\":\"0:0:0:0:0:0:0:1\"").contains("\"responder\":\"::1\"");
    }

    @Test
    void numbersDoNotFollowTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            CommandRun json = CommandRun.with(new ScriptedProvider()).ping("--json", "-c", "1", "127.0.0.1");
            assertThat(json.out).contains("\"rtt_us\":42.0").containsPattern("\\A\\p{ASCII}*\\z");
            CommandRun table =
                    CommandRun.with(new ScriptedProvider()).terminal().ping("-c", "1", "127.0.0.1", "127.0.0.2");
            assertThat(table.out).contains("0.042").containsPattern("\\A\\p{ASCII}*\\z");
        } finally {
            Locale.setDefault(before);
        }
    }
}
