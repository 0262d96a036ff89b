// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    /** {@return what identifies machine, kernel and versions, by name} */
    static Map<String, String> describe(Session session) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("machine", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        facts.put(
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("JDK 25", runtimeVersion(session.jdk25()));
        facts.put("C compiler", firstLine(session, "cc", "--version") + ", -O2");
        facts.put("iputils ping", firstLine(session, "ping", "-V"));
        facts.put("fping", firstLine(session, "fping", "-v").replaceFirst("^\\S*: ", ""));
        facts.put(
                "net.core.rmem_max",
                Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).get(0));
        facts.put(
                "load average before",
                Files.readAllLines(Path.of("/proc/loadavg")).get(0).replaceFirst(" \\S+ \\S+$", ""));
        facts.put("namespace", "made by " + System.getProperty("netecho.benchmarks.namespace", "somebody else"));
        facts.put("commit", System.getProperty("netecho.benchmarks.commit", "unknown"));
        return facts;
    }

    private static String runtimeVersion(Optional<Path> home) throws IOException {
        if (home.isEmpty()) {
            return "none found";
        }
        for (String line : Files.readAllLines(home.get().resolve("release"), StandardCharsets.UTF_8)) {
            if (line.startsWith("JAVA_RUNTIME_VERSION=")) {
                return line.substring(line.indexOf('=') + 1).replace("\"", "");
            }
        }
        return "of an unknown version";
    }

    private static String processor() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return "unknown processor";
    }

    private static String firstLine(Session session, String tool, String option)
            throws IOException, InterruptedException {
        try {
            List<String> command = List.of(session.tool(tool).toString(), option);
            String output = session.run(new ProcessBuilder(command), Duration.ofSeconds(10))
                    .output();
            return output.lines().findFirst().orElse("silent");
        } catch (MissingToolException e) {
            return "not installed";
        }
    }
}
