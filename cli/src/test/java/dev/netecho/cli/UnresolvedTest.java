// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A name that does not resolve is a result like any other: the rest of the list is pinged. */
class UnresolvedTest {
    /** Two dots in a row are in no name, so that no name server is asked. */
    private static final String NOBODY = "no..such";

    @Test
    void theOthersArePinged() {
        // Asked again soon, the JDK only remembers that there was no answer, and not why.
        String once = "no..answer";
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-c", "2", "-i", "0.002", once, "127.0.0.1");
        assertThat(run.out)
                .containsPattern("PING no\\.\\.answer: does not resolve \\(.+\\)\n")
                .containsPattern(
                        "\n\\[no\\.\\.answer] no\\.\\.answer: icmp_seq=1 not sent: does not resolve \\(.+\\)\n")
                .contains("[127.0.0.1] 64 bytes from 127.0.0.1: icmp_seq=2 ")
                .contains("--- no..answer ping statistics ---\n0 packets transmitted, 0 received, 100% packet loss, ")
                .contains("ms, 2 not sent\n")
                .contains("2 packets transmitted, 2 received, 0% packet loss");
        assertThat(run.err).isEmpty();
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void jsonHasTheReason() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("--json", "-c", "1", NOBODY, "127.0.0.1");
        assertThat(run.out)
                .contains("{\"type\":\"outcome\",\"target\":\"no..such\",\"address\":null,\"sequence\":1,")
                .contains("\"outcome\":\"not_sent\",\"reason\":\"unresolved\",\"detail\":\"does not resolve")
                .contains(
                        "\"summary\",\"target\":\"no..such\",\"address\":null,\"asked\":1,\"sent\":0,\"received\":0,");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void anAddressOfTheOtherFamilyIsAResultToo() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-4", "-c", "1", "::1", "127.0.0.1");
        assertThat(run.out).contains("::1: icmp_seq=1 not sent: has no IPv4 address; it has ::1\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void aTableHasItToo() {
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .ping(Stream.concat(
                                Stream.of("-c", "1", NOBODY),
                                Stream.iterate(1, i -> i + 1).limit(11).map(i -> "127.0.0." + i))
                        .toArray(String[]::new));
        assertThat(run.out).contains("\nno..such ").contains("12 targets: 11 answered every request, 0 some, 1 none");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void traceAndMtuGoOnAsWell() {
        for (String command : List.of("trace", "mtu")) {
            String[] args = {command, "--provider", "scripted", NOBODY, "127.0.0.1"};
            CommandRun run = CommandRun.with(new ScriptedProvider()).run(args);
            assertThat(run.out).as(command).contains("no..such", "does not resolve", "127.0.0.1");
            assertThat(run.status).isEqualTo(1);
            String[] json = {command, "--json", "--provider", "scripted", NOBODY, "127.0.0.1"};
            assertThat(CommandRun.with(new ScriptedProvider()).run(json).out)
                    .contains("\"target\":\"no..such\",\"address\":null,")
                    .contains("\"unresolved\",");
        }
    }
}
