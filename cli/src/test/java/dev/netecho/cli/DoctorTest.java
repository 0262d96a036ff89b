// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.Availability;
import dev.netecho.sweep.SweepSettings;
import dev.netecho.sweep.SweepWay;
import dev.netecho.sweep.SweepWayProvider;
import java.net.Inet6Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

class DoctorTest {
    private static final String CAPABILITIES =
            "ipv4, ipv6, source_address, hop_limit_ipv4, hop_limit_ipv6, traffic_class_ipv4, traffic_class_ipv6,"
                    + " dont_fragment_ipv4, dont_fragment_ipv6,"
                    + " kernel_timestamps, reply_hop_limit_ipv4, reply_hop_limit_ipv6, raw_error_codes,"
                    + " interface, mark, error_extensions";

    /** A way to sweep that is named and cannot be opened. */
    private record Way(Availability availability) implements SweepWayProvider {
        @Override
        public String name() {
            return "tunnel";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public SweepWay open(SweepSettings settings) {
            throw new AssertionError("the doctor only asks");
        }
    }

    @Test
    void namesTheWaysToSweep() {
        CommandRun.Setting setting = CommandRun.with(new ScriptedProvider())
                .way(new Way(Availability.available()))
                .way(new Way(Availability.unavailable("too dark", "make light", null)));
        assertThat(setting.run("doctor").out).endsWith("""

                        tunnel, a way to sweep: available
                        tunnel, a way to sweep: unavailable
                          why: too dark
                          remedy: make light
                        """);
        assertThat(setting.run("doctor", "--json").out).endsWith("""

                        {"type":"way","name":"tunnel","available":true,"why":null,"remedy":null,"version":1}
                        {"type":"way","name":"tunnel","available":false,"why":"too dark","remedy":"make light","version":1}
                        """);
    }

    @Test
    void aProviderThatRepliesIsHealthy() {
        CommandRun run = CommandRun.with(new ScriptedProvider().priority(7)).run("doctor");
        assertThat(run.out).isEqualTo("""
                scripted: available, used unless another is named
                  capabilities: %s
                  self-test: 127.0.0.1: 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.042 ms
                  self-test: ::1: 64 bytes from ::1: icmp_seq=1 ttl=64 time=0.042 ms
                """.replace("%s", CAPABILITIES));
        assertThat(run.err).isEmpty();
        assertThat(run.status).isZero();
    }

    @Test
    void jsonHasOneObjectPerProvider() {
        CommandRun run = CommandRun.with(new ScriptedProvider()
                        .priority(9)
                        .availability(Availability.unavailable("the range is closed", "type this", null)
                                .through("JNA")))
                .provider(new ScriptedProvider((request, n) -> request.destination() instanceof Inet6Address
                        ? ScriptedProvider.noRoute()
                        : ScriptedProvider.reply(request, 42_000)))
                .run("doctor", "--json");
        assertThat(run.out.split("\n"))
                .containsExactly(
                        "{\"type\":\"provider\",\"name\":\"scripted\",\"priority\":9,\"available\":false,"
                                + "\"chosen\":false,\"why\":\"the range is closed\",\"remedy\":\"type this\","
                                + "\"binding\":\"JNA\",\"capabilities\":[],\"self_test\":[],\"version\":1}",
                        "{\"type\":\"provider\",\"name\":\"scripted\",\"priority\":-1,\"available\":true,"
                                + "\"chosen\":false,\"why\":null,\"remedy\":null,\"binding\":null,\"capabilities\":[\""
                                + CAPABILITIES.replace(", ", "\",\"") + "\"],"
                                + "\"self_test\":[{\"target\":\"127.0.0.1\",\"outcome\":\"reply\","
                                + "\"responder\":\"127.0.0.1\",\"rtt_us\":42.0,\"rtt_uncertainty_us\":0.5,"
                                + "\"timestamp_source\":\"kernel\","
                                + "\"hop_limit\":64,\"bytes\":56,\"intact\":true},{\"target\":\"::1\","
                                + "\"outcome\":\"not_sent\",\"reason\":\"no_route\","
                                + "\"detail\":\"sendmmsg to 2001:db8::1: ENETUNREACH (101): Network is unreachable\","
                                + "\"os_error\":101}],\"version\":1}");
        assertThat(run.status).isZero();
    }

    @Test
    void whereNothingWorksTheStatusIsTwo() {
        ScriptedProvider deaf = new ScriptedProvider((request, n) -> ScriptedProvider.timedOut(false));
        assertThat(CommandRun.with(deaf).run("doctor").status).isEqualTo(2);
        ScriptedProvider closed = new ScriptedProvider()
                .availability(Availability.unavailable("tried:\nsocket", "type this", null)
                        .through("JNA"));
        CommandRun run = CommandRun.with(closed).run("doctor");
        assertThat(run.out).isEqualTo("""
                scripted: unavailable
                  why: tried:
                    socket
                  remedy: type this
                  system calls through: JNA
                """);
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void theProvidersOfOtherSystemsAreDetails() {
        String other = OS.WINDOWS.isCurrentOs() ? "linux-datagram" : "windows-iphlpapi";
        CommandRun.Setting setting =
                CommandRun.with(new ScriptedProvider()).provider(new ScriptedProvider().named(other));
        assertThat(setting.run("doctor").out).contains("scripted: ").doesNotContain(other);
        assertThat(setting.run("doctor", "-v").out).contains("scripted: ", other + ": ");
        assertThat(setting.run("doctor", "--json").out).contains("\"scripted\"", other);
    }

    @Test
    void withoutAnyProviderItSaysSo() {
        CommandRun run = new CommandRun.Setting().run("doctor");
        assertThat(run.err)
                .startsWith("netecho: no provider is installed; add ")
                .contains("merge META-INF/services too")
                .hasLineCount(1);
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void theServicesFileOfTheClassPathIsRead() {
        assertThat(Providers.installed()).anyMatch(provider -> provider instanceof ScriptedProvider);
    }
}
