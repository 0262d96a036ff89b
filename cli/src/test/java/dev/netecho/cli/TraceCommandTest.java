// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceCommandTest {
    /** Three hops; the second is silent; 127.0.0.9 cannot be reached. */
    private static ScriptedProvider path() {
        return new ScriptedProvider((request, number) -> {
            int distance = request.options().hopLimit().orElseThrow();
            int last = request.destination().getAddress()[3];
            if (distance == 1) {
                return exceeded(distance);
            }
            if (distance == 2) {
                return ScriptedProvider.timedOut(false);
            }
            return last == 9
                    ? ScriptedProvider.error(router(3), IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty())
                    : ScriptedProvider.reply(request, 2_000_000);
        });
    }

    private static EchoOutcome exceeded(int distance) {
        return ScriptedProvider.error(router(distance), IcmpErrorKind.HOP_LIMIT_EXCEEDED, 11, 0, OptionalInt.empty());
    }

    private static InetAddress router(int distance) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) distance});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static CommandRun trace(ScriptedProvider provider, String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "trace";
        all[1] = "--provider";
        all[2] = "scripted";
        System.arraycopy(args, 0, all, 3, args.length);
        return CommandRun.with(provider).run(all);
    }

    @Test
    void printsEveryHop() {
        CommandRun run = trace(path(), "-c", "2", "-i", "0.1", "127.0.0.1");
        assertThat(run.out).isEqualTo("""
                        trace to 127.0.0.1
                        hop  address          loss  sent     last      avg     best    worst   jitter
                          1  10.0.0.1           0%     2    0.081    0.081    0.081    0.081    0.000
                          2  *                  0%     2        -        -        -        -        -
                             forwards, but did not answer twice
                          3  127.0.0.1          0%     2     2.00     2.00     2.00     2.00    0.000
                        reached in 3 hops; the reply came back in 1 hop
                        """);
        assertThat(run.err).isEmpty();
        assertThat(run.status).isZero();
    }

    @Test
    void namesWhoSaysUnreachable() {
        CommandRun run = trace(path(), "-c", "1", "127.0.0.1", "127.0.0.9");
        assertThat(run.out)
                .contains("reached in 3 hops")
                .endsWith("unreachable: from 10.0.0.3: Destination Host Unreachable\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void printsJson() {
        CommandRun run = trace(path(), "-c", "1", "--json", "127.0.0.1");
        List<String> lines = run.out.lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .startsWith("{\"type\":\"hop\",\"target\":\"127.0.0.1\",\"hop\":1,\"responders\":[\"10.0.0.1\"],"
                        + "\"sent\":1,\"answered\":1,\"limited\":0,\"dropped_locally\":0,\"not_sent\":0,"
                        + "\"loss_percent\":0,"
                        + "\"rtt_last_us\":81.0,");
        assertThat(lines.get(1)).contains("\"responders\":[],", "\"loss_percent\":null,", "\"jitter_us\":null");
        assertThat(lines.get(3))
                .matches("\\{\"type\":\"path\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"end\":\"reached\","
                        + "\"detail\":null,\"hops\":3,\"reverse_hops\":1,\"rounds\":1,\"changes\":0,"
                        + "\"not_sent\":\\[],"
                        + "\"path_id\":\"[0-9a-f]{8}\",\"version\":1}");
    }

    /** The second round is not sent. */
    private static ScriptedProvider withoutRoute() {
        return new ScriptedProvider((request, number) -> {
            int distance = request.options().hopLimit().orElseThrow();
            if (number > 30 && number <= 33) {
                return ScriptedProvider.noRoute();
            }
            return distance < 3 ? exceeded(distance) : ScriptedProvider.reply(request, 2_000_000);
        });
    }

    @Test
    void saysWhatWasNotSent() {
        CommandRun run = trace(withoutRoute(), "-c", "3", "-i", "0.1", "127.0.0.1");
        assertThat(run.out)
                .contains("  3  127.0.0.1          0%     2 ")
                .endsWith("reached in 3 hops; the reply came back in 1 hop\n3 requests were not sent: no route\n");
    }

    @Test
    void saysWhatWasNotSentAsJson() {
        CommandRun run = trace(withoutRoute(), "-c", "3", "-i", "0.1", "--json", "127.0.0.1");
        assertThat(run.out)
                .contains("\"sent\":2,\"answered\":2,\"limited\":0,\"dropped_locally\":0,\"not_sent\":1,")
                .contains("\"rounds\":3,\"changes\":0,\"not_sent\":[{\"reason\":\"no_route\",\"requests\":3}],");
    }

    @Test
    void printsAChangeOfThePath() {
        ScriptedProvider changing = new ScriptedProvider((request, number) -> {
            int distance = request.options().hopLimit().orElseThrow();
            // The first round asks 30 hops.
            return distance == 1 ? exceeded(number <= 30 ? 1 : 7) : ScriptedProvider.reply(request, 2_000_000);
        });
        CommandRun text = trace(changing, "-c", "2", "-i", "0.1", "127.0.0.1");
        assertThat(text.out).startsWith("127.0.0.1, round 2: hop 1 is 10.0.0.7, was 10.0.0.1\n");
        assertThat(text.out).contains("  1  10.0.0.7 ", "\n     10.0.0.1\n");
    }

    /** Hop 1 adds two labels, and an object of another kind. */
    private static ScriptedProvider labelled() {
        List<IcmpExtension> extensions = List.of(
                new IcmpExtension(1, 1, new byte[] {0x05, (byte) 0xdc, 0x12, 1, 0, 1, 1, 64}),
                new IcmpExtension(2, 10, new byte[] {(byte) 0xbe, (byte) 0xef}));
        return new ScriptedProvider(
                (request, number) -> request.options().hopLimit().orElseThrow() == 1
                        ? ScriptedProvider.exceeded(router(1), extensions)
                        : reached(request));
    }

    @Test
    void printsTheLabelsOfARouter() {
        CommandRun run = trace(labelled(), "-c", "1", "127.0.0.1");
        assertThat(run.out)
                .contains("  1  10.0.0.1 ", "\n     MPLS:L=24001,E=1,S=0,T=1/L=16,E=0,S=1,T=64\n     2/10:beef\n  2  ");
    }

    @Test
    void printsTheLabelsOfARouterAsJson() {
        CommandRun run = trace(labelled(), "-c", "1", "--json", "127.0.0.1");
        List<String> lines = run.out.lines().toList();
        assertThat(lines.get(0))
                .endsWith(",\"extensions\":[{\"class\":1,\"type\":1,\"data\":\"05dc120100010140\",\"mpls\":["
                        + "{\"label\":24001,\"traffic_class\":1,\"bottom\":false,\"ttl\":1},"
                        + "{\"label\":16,\"traffic_class\":0,\"bottom\":true,\"ttl\":64}]},"
                        + "{\"class\":2,\"type\":10,\"data\":\"beef\"}],\"version\":1}");
        assertThat(lines.get(1)).doesNotContain("extensions");
    }

    @Test
    void interruptPrintsWhatIsKnown() {
        AtomicReference<Interruptible> running = new AtomicReference<>();
        CommandRun run = CommandRun.with(new ScriptedProvider((request, number) -> {
                    if (number > 40) { // the second round
                        running.get().stop();
                        return ScriptedProvider.SILENCE;
                    }
                    return reached(request);
                }))
                .running(running::set)
                .run("trace", "--provider", "scripted", "-c", "0", "-i", "0.1", "127.0.0.1");
        assertThat(run.out).endsWith("reached in 1 hop; the reply came back in 1 hop\n");
        assertThat(run.status).isZero();
    }

    private static EchoOutcome reached(EchoRequest request) {
        return ScriptedProvider.reply(request, 1_000_000);
    }

    @ParameterizedTest
    @CsvSource({
        "-m, 0, -m is \"0\"; it must be a whole number from 1 to 255",
        "-i, 0.05, -i is \"0.05\"; it must be 0.1 to 86400"
    })
    void refusesWhatIsOutOfRange(String option, String value, String message) {
        CommandRun run = trace(path(), option, value, "127.0.0.1");
        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).isEqualTo("netecho: " + message + "\n");
    }
}
