// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoOptions;
import dev.netecho.EchoPayload;
import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How {@code /probe} asks: a module of blackbox_exporter.
 *
 * @param prober what it is for; this agent offers icmp only
 * @param timeout of the whole probe; zero for what Prometheus allows
 * @param preferred which family to take if a name has both
 * @param fallback whether the other family will do
 * @param source where requests come from; null for the system's choice
 * @param payload what they carry
 * @param options hop limit and don't-fragment
 */
record ProbeModule(
        String prober,
        Duration timeout,
        IpVersion preferred,
        boolean fallback,
        @Nullable InetAddress source,
        EchoPayload payload,
        EchoOptions options) {
    /** What blackbox_exporter takes if a module says nothing. */
    static final ProbeModule ICMP =
            new ProbeModule("icmp", Duration.ZERO, IpVersion.V6, true, null, EchoPayload.DEFAULT, EchoOptions.DEFAULT);

    private static final Set<String> KEYS = Set.of("prober", "timeout", "icmp", "http", "tcp", "dns", "grpc", "unix");
    private static final Set<String> ICMP_KEYS = Set.of(
            "preferred_ip_protocol",
            "ip_protocol_fallback",
            "source_ip_address",
            "payload_size",
            "dont_fragment",
            "ttl");

    /** {@return the modules by name: those that are always there, and those of a configuration} */
    static Map<String, ProbeModule> read(@Nullable YamlValue given) throws ConfigException {
        Map<String, ProbeModule> modules = new TreeMap<>();
        modules.put("icmp", ICMP);
        if (given != null) {
            for (Map.Entry<String, YamlValue> module : given.map().entrySet()) {
                modules.put(module.getKey(), of(module.getValue()));
            }
        }
        return modules;
    }

    /** A module for another prober is accepted, so that a configuration of blackbox_exporter can be used as it is. */
    private static ProbeModule of(YamlValue given) throws ConfigException {
        Map<String, YamlValue> parts = given.map();
        YamlValue prober = parts.get("prober");
        if (prober == null) {
            throw given.wrong("has no key prober; it must be icmp");
        }
        if (!prober.text().equals("icmp")) {
            return new ProbeModule(
                    prober.text(), Duration.ZERO, IpVersion.V6, true, null, EchoPayload.DEFAULT, EchoOptions.DEFAULT);
        }
        given.map(KEYS);
        YamlValue timeout = parts.get("timeout");
        YamlValue icmp = parts.get("icmp");
        Map<String, YamlValue> details = icmp == null ? Map.of() : icmp.map(ICMP_KEYS);
        EchoOptions options = EchoOptions.DEFAULT;
        YamlValue ttl = details.get("ttl");
        if (ttl != null && !ttl.text().equals("0")) {
            options = options.withHopLimit(ttl.integer(1, 255));
        }
        YamlValue whole = details.get("dont_fragment");
        if (whole != null && whole.flag()) {
            options = options.withDontFragment(true);
        }
        YamlValue size = details.get("payload_size");
        YamlValue family = details.get("preferred_ip_protocol");
        YamlValue fallback = details.get("ip_protocol_fallback");
        YamlValue source = details.get("source_ip_address");
        return new ProbeModule(
                "icmp",
                timeout == null ? Duration.ZERO : timeout.duration(Duration.ZERO, Duration.ofHours(1)),
                family == null ? IpVersion.V6 : family(family),
                fallback == null || fallback.flag(),
                source == null ? null : Addresses.literal(source),
                size == null ? EchoPayload.DEFAULT : EchoPayload.ofSize(size.integer(0, EchoPayload.MAX_SIZE)),
                options);
    }

    static IpVersion family(YamlValue given) throws ConfigException {
        return switch (given.text()) {
            case "ip4" -> IpVersion.V4;
            case "ip6" -> IpVersion.V6;
            default -> throw given.refused("ip4 or ip6");
        };
    }
}
