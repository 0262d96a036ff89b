// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests in agent/deploy and docs/agent.md name options that {@code netecho agent} has. */
class AgentManifestsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern COMMAND =
            Pattern.compile("(?m)^ExecStart=.*|^ +args: \\[agent.*|^\\./netecho agent [^#\n]*|`--[^`]*`");

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z][\\w.-]*");

    @Test
    void everyOptionExists() throws IOException {
        assumeTrue(Files.isDirectory(ROOT.resolve("agent/deploy")), "the module is not in a tree of the project");
        String help = new CommandRun.Setting().run("help", "agent").out;
        int found = 0;
        List<Path> files;
        try (Stream<Path> manifests = Files.list(ROOT.resolve("agent/deploy"))) {
            files = Stream.concat(manifests, Stream.of(ROOT.resolve("docs/agent.md")))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            for (Matcher command = COMMAND.matcher(Files.readString(file)); command.find(); ) {
                for (Matcher option = OPTION.matcher(command.group()); option.find(); ) {
                    assertThat(help)
                            .as("%s: %s", file, command.group())
                            .containsPattern(Pattern.quote(option.group()) + "\\b");
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThan(5);
    }
}
