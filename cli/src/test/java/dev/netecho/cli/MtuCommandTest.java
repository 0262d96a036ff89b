// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class MtuCommandTest {
    private static CommandRun mtu(BiFunction<EchoRequest, Integer, EchoOutcome> network, String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "mtu";
        all[1] = "--provider";
        all[2] = "scripted";
        System.arraycopy(args, 0, all, 3, args.length);
        return CommandRun.with(new ScriptedProvider((request, number) -> network.apply(request, size(request))))
                .run(all);
    }

    private static int size(EchoRequest request) {
        return request.payload().size() + 28;
    }

    private static InetAddress router() {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The router is two hops away and knows the MTU behind it. */
    private static EchoOutcome narrow(EchoRequest request, int size) {
        if (request.options().hopLimit().orElse(64) <= 2) {
            return ScriptedProvider.error(router(), IcmpErrorKind.HOP_LIMIT_EXCEEDED, 11, 0, OptionalInt.empty());
        }
        return size > 1_400
                ? ScriptedProvider.error(router(), IcmpErrorKind.FRAGMENTATION_NEEDED, 3, 4, OptionalInt.of(1_400))
                : ScriptedProvider.reply(request, 1_000_000);
    }

    @Test
    void namesTheRouterAndWhatFits() {
        CommandRun run = mtu(MtuCommandTest::narrow, "127.0.0.1");
        assertThat(run.out)
                .isEqualTo("127.0.0.1: path MTU 1400, lowered at hop 2 (10.0.0.2); payload 1372, TCP MSS 1360\n");
        assertThat(run.status).isZero();
    }

    @Test
    void lessThanWantedIsStatusOne() {
        assertThat(mtu(MtuCommandTest::narrow, "--want", "1400", "127.0.0.1").status)
                .isZero();
        assertThat(mtu(MtuCommandTest::narrow, "--want", "1401", "127.0.0.1").status)
                .isEqualTo(1);
    }

    @Test
    void namesABlackHole() {
        CommandRun run = mtu(
                (request, size) ->
                        size > 1_472 ? ScriptedProvider.timedOut(false) : ScriptedProvider.reply(request, 1_000_000),
                "127.0.0.1");
        assertThat(run.out)
                .isEqualTo("127.0.0.1: path MTU 1472, a black hole: packets of 1473 bytes vanish, and no error came;"
                        + " payload 1444, TCP MSS 1432\n");
    }

    @Test
    void silentHostIsUnknown() {
        CommandRun run = mtu((request, size) -> ScriptedProvider.timedOut(false), "--tries", "2", "127.0.0.1");
        assertThat(run.out).isEqualTo("127.0.0.1: path MTU unknown: no answer to 2 small packets\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void printsJson() {
        CommandRun run = mtu(MtuCommandTest::narrow, "--json", "127.0.0.1");
        assertThat(run.out)
                .isEqualTo("{\"type\":\"path_mtu\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\","
                        + "\"limit\":\"told\",\"mtu\":1400,\"payload\":1372,\"tcp_mss\":1360,"
                        + "\"told_by\":\"10.0.0.2\",\"hop\":2,\"lost\":null,\"detail\":null,\"sent\":3,"
                        + "\"version\":1}\n");
        CommandRun refused = mtu((request, size) -> ScriptedProvider.noRoute(), "--json", "127.0.0.1");
        assertThat(refused.out)
                .contains(
                        "\"limit\":\"not_sent\",\"mtu\":null,",
                        "\"detail\":\"not sent: no route (Network is unreachable)\"");
    }
}
