// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.util.Version;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which Netty a lent group is of. */
final class NettyVersion {
    /** Netty 4.1 has no IoHandle. With 4.2.0 to 4.2.6 {@code close()} takes its full five seconds. */
    private static final int[] OLDEST = {4, 2, 7};

    private static final List<String> ARTIFACTS =
            List.of("netty-common", "netty-transport", "netty-transport-classes-epoll");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    private NettyVersion() {}

    /** Throws if a jar of the group's Netty says that it is too old. */
    static void requireSupported(EventLoopGroup group) {
        Map<String, String> found = found(group);
        if (found.values().stream().anyMatch(NettyVersion::isTooOld)) {
            throw refused(group, found, null);
        }
    }

    /** {@return the versions that Netty's jars have in their META-INF; empty where they were repackaged without} */
    static Map<String, String> found(EventLoopGroup group) {
        Map<String, String> found = new TreeMap<>();
        Version.identify(group.getClass().getClassLoader()).forEach((artifact, version) -> {
            if (ARTIFACTS.contains(artifact)) {
                found.put(artifact, version.artifactVersion());
            }
        });
        return found;
    }

    static IllegalArgumentException refused(
            EventLoopGroup group, Map<String, String> found, @Nullable LinkageError cause) {
        String versions = found.isEmpty()
                ? "a Netty of unknown version"
                : found.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "the event-loop group " + group.getClass().getName() + " is of " + versions
                        + "; lend one of Netty 4.2.7 or newer, with all Netty jars of one version, or none",
                cause);
    }

    static boolean isTooOld(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        if (!numbers.matches()) {
            return false;
        }
        for (int i = 0; i < OLDEST.length; i++) {
            int number = Integer.parseInt(numbers.group(i + 1));
            if (number != OLDEST[i]) {
                return number < OLDEST[i];
            }
        }
        return false;
    }
}
