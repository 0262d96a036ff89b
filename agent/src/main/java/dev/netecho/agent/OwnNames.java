// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which this host answers. A page from elsewhere can have its name resolve to this host, and then read
 * what the agent tells (DNS rebinding). Its requests have that name in the field Host, which no page can change.
 */
final class OwnNames {
    private final boolean guards;
    private final Set<String> names;

    private OwnNames(boolean guards, Set<String> names) {
        this.guards = guards;
        this.names = names;
    }

    /**
     * {@return the names of this host}
     *
     * @param listen where the agent listens; others than this host reach it under names that it cannot know
     * @param externalUrl where people find the agent; null if that is not said
     */
    static OwnNames of(InetAddress listen, @Nullable String externalUrl) throws ConfigException {
        Set<String> names = new HashSet<>(Set.of("localhost", plain(hostName())));
        if (externalUrl != null) {
            names.add(plain(hostOf(externalUrl)));
        }
        return new OwnNames(listen.isLoopbackAddress(), names);
    }

    private static String hostOf(String externalUrl) throws ConfigException {
        try {
            URI url = new URI(externalUrl);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            String path = String.valueOf(url.getPath());
            if (http && url.getHost() != null && (path.isEmpty() || path.equals("/")) && url.getQuery() == null) {
                return url.getHost();
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw new ConfigException("--web.external-url is " + Words.quoted(externalUrl)
                + "; it must be a URL without a path, such as https://agent.example.net:9785/");
    }

    /** No name server is asked: it might not answer. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"));
        } catch (IOException e) {
            return System.getenv().getOrDefault("COMPUTERNAME", "localhost"); // Windows
        }
    }

    private static String plain(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    /** {@return whether a request with this field Host is for this host} One without comes from no browser. */
    boolean has(@Nullable String host) {
        if (!guards || host == null) {
            return true;
        }
        int colon = host.lastIndexOf(':');
        String name = plain(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        return names.contains(name) || Addresses.isLiteral(bracketed ? name.substring(1, name.length() - 1) : name);
    }
}
