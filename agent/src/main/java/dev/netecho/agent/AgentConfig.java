// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoPayload;
import dev.netecho.IpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does; docs/agent.md lists the keys and their defaults.
 *
 * @param listen where HTTP is answered
 * @param interval between two requests to a target
 * @param timeout of a request
 * @param payload what a request carries
 * @param downAfter how many requests in a row without a reply make a target down
 * @param buckets the upper bounds of the histogram, in seconds, rising
 * @param resolveEvery how often names are looked up again
 * @param family which addresses of a name to take; null for any
 * @param allAddresses whether every address of a name is asked, each as a target of its own
 * @param targets whom to ask
 * @param files patterns of files that list more targets
 * @param urls where more targets are listed
 * @param refreshEvery how often the URLs are asked
 * @param shard the part of all targets that this agent watches
 * @param modules how {@code /probe} asks, by name
 * @param allow whom {@code /probe} may ask; null if nothing is said
 */
record AgentConfig(
        InetSocketAddress listen,
        Duration interval,
        Duration timeout,
        EchoPayload payload,
        int downAfter,
        List<Double> buckets,
        Duration resolveEvery,
        @Nullable IpVersion family,
        boolean allAddresses,
        List<TargetSpec> targets,
        List<Path> files,
        List<URI> urls,
        Duration refreshEvery,
        Shard shard,
        Map<String, ProbeModule> modules,
        @Nullable AllowList allow) {
    /** A list of 100,000 targets with labels takes about 10 MB. */
    static final int LONGEST_FILE = 16 << 20;

    private static final Set<String> KEYS = Set.of(
            "listen",
            "interval",
            "timeout",
            "payload_size",
            "down_after",
            "buckets",
            "resolve_every",
            "ip_protocol",
            "all_addresses",
            "targets",
            "file_sd",
            "http_sd",
            "refresh_every",
            "shard",
            "modules",
            "probe");

    private static final int MOST_BUCKETS = 50;

    /** From 0.1 ms on, each twice the last, to 3.3 s. */
    private static final List<Double> BUCKETS = List.of(
            0.0001, 0.0002, 0.0004, 0.0008, 0.0016, 0.0032, 0.0064, 0.0128, 0.0256, 0.0512, 0.1024, 0.2048, 0.4096,
            0.8192, 1.6384, 3.2768);

    /** {@return the configuration that the settings of a command line and their file make} */
    static AgentConfig read(AgentSettings settings) throws ConfigException {
        Path file = settings.config();
        YamlValue root = file == null ? null : YamlValue.parse(Words.quoted(file), content(file));
        Map<String, YamlValue> parts = root == null ? Map.of() : root.map(KEYS);
        YamlValue size = parts.get("payload_size");
        YamlValue down = parts.get("down_after");
        YamlValue probe = parts.get("probe");
        Map<String, YamlValue> probing = probe == null ? Map.of() : probe.map(Set.of("allow"));
        YamlValue all = parts.get("all_addresses");
        Duration interval = duration(settings.interval(), parts.get("interval"), Duration.ofSeconds(10));
        Duration timeout = duration(settings.timeout(), parts.get("timeout"), Duration.ofSeconds(2));
        return new AgentConfig(
                listen(settings.listen(), parts.get("listen")),
                interval,
                timeout,
                size == null ? EchoPayload.DEFAULT : EchoPayload.ofSize(size.integer(0, EchoPayload.MAX_SIZE)),
                down == null ? 3 : down.integer(1, 1_000),
                buckets(parts.get("buckets")),
                duration(null, parts.get("resolve_every"), Duration.ofMinutes(1)),
                family(parts.get("ip_protocol")),
                all != null && all.flag(),
                targets(settings.targets(), parts.get("targets")),
                files(parts.get("file_sd"), file),
                urls(parts.get("http_sd")),
                duration(null, parts.get("refresh_every"), Duration.ofMinutes(1)),
                Shard.read(parts.get("shard"), System.getenv()),
                ProbeModule.read(parts.get("modules")),
                AllowList.read(probing.get("allow")));
    }

    /** {@return the text of a file, of which no more is read than a list may have} */
    static String content(Path file) throws ConfigException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST_FILE + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(Words.quoted(file) + " cannot be read: no such file");
        } catch (AccessDeniedException e) {
            throw new ConfigException(Words.quoted(file) + " cannot be read: permission denied");
        } catch (IOException e) {
            throw new ConfigException(
                    Words.quoted(file) + " cannot be read: " + Words.quoted(String.valueOf(e.getMessage())));
        }
        return text(Words.quoted(file), bytes);
    }

    /** {@return a text that others wrote} {@code bytes} is at most one byte longer than it may be. */
    static String text(String name, byte[] bytes) throws ConfigException {
        if (bytes.length > LONGEST_FILE) {
            throw new ConfigException(
                    name + " has more than " + (LONGEST_FILE >> 20) + " MB; share the targets among several agents");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(name + " is no text in UTF-8; write it anew in that encoding");
        }
    }

    private static InetSocketAddress listen(@Nullable String option, @Nullable YamlValue given) throws ConfigException {
        if (option != null) {
            return Addresses.listen("--listen", option);
        }
        String text = given == null ? "127.0.0.1:9785" : given.text();
        try {
            return Addresses.listen("listen", text);
        } catch (ConfigException e) {
            throw given == null
                    ? e
                    : given.refused("ADDRESS:PORT, such as 127.0.0.1:9785, [::1]:9785, or :9785 for every address");
        }
    }

    private static Duration duration(@Nullable Duration option, @Nullable YamlValue given, Duration otherwise)
            throws ConfigException {
        Duration value = given == null ? otherwise : given.duration(Duration.ofMillis(100), Duration.ofDays(1));
        return option == null ? value : option;
    }

    private static @Nullable IpVersion family(@Nullable YamlValue given) throws ConfigException {
        return given == null || given.text().equals("any") ? null : ProbeModule.family(given);
    }

    private static List<Double> buckets(@Nullable YamlValue given) throws ConfigException {
        if (given == null) {
            return BUCKETS;
        }
        List<Double> bounds = new ArrayList<>();
        double last = 0;
        for (YamlValue value : given.list()) {
            double bound = value.number();
            if (bound <= last) {
                throw value.refused("more than the bound before it, in seconds");
            }
            bounds.add(bound);
            last = bound;
        }
        if (bounds.isEmpty() || bounds.size() > MOST_BUCKETS) {
            throw given.wrong("has " + bounds.size() + " bounds; it must have 1 to " + MOST_BUCKETS);
        }
        return bounds;
    }

    /** {@return the patterns; relative ones begin at the folder of the configuration} */
    private static List<Path> files(@Nullable YamlValue given, @Nullable Path config) throws ConfigException {
        List<Path> files = new ArrayList<>();
        if (given != null && config != null) {
            for (YamlValue value : given.list()) {
                try {
                    Path pattern = config.toAbsolutePath().resolveSibling(value.text());
                    Path folder = pattern.getParent();
                    if (folder != null && folder.toString().indexOf('*') < 0 && pattern.getFileName() != null) {
                        files.add(pattern);
                        continue;
                    }
                } catch (InvalidPathException e) {
                    // Told below.
                }
                throw value.refused("a file, whose name may have a star, such as targets/*.json");
            }
        }
        return files;
    }

    private static List<URI> urls(@Nullable YamlValue given) throws ConfigException {
        List<URI> urls = new ArrayList<>();
        if (given != null) {
            for (YamlValue value : given.list()) {
                try {
                    URI url = new URI(value.text());
                    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
                    if (http && url.getHost() != null) {
                        urls.add(url);
                        continue;
                    }
                } catch (URISyntaxException e) {
                    // Told below.
                }
                throw value.refused("a URL that begins with http:// or https://");
            }
        }
        return urls;
    }

    private static List<TargetSpec> targets(List<String> words, @Nullable YamlValue given) throws ConfigException {
        Set<TargetSpec> targets = new LinkedHashSet<>();
        for (String word : words) {
            String trouble = TargetSpec.trouble(word);
            if (trouble != null) {
                throw new ConfigException("target " + Words.quoted(word) + ": " + trouble);
            }
            targets.add(TargetSpec.of(word));
        }
        targets.addAll(TargetGroups.read(given));
        return List.copyOf(targets);
    }
}
