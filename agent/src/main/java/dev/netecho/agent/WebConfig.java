// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --web.config.file} says, in the format of Prometheus' exporter-toolkit.
 *
 * @param tls null for HTTP without TLS
 * @param users hashes of passwords (bcrypt) by the names of users; empty if everybody may ask
 * @param headers fields that every answer has
 * @param files what it was read from
 */
record WebConfig(@Nullable WebTls tls, Map<String, String> users, Map<String, String> headers, List<Path> files) {
    /** Without a file. */
    static final WebConfig NONE = new WebConfig(null, Map.of(), Map.of(), List.of());

    /** How much work a password is: two to the power of this. At 16 it takes seconds, each time. */
    private static final int DEAREST = 16;

    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
    private static final Set<String> KEYS =
            Set.of("tls_server_config", "http_server_config", "basic_auth_users", "rate_limit");

    /** Those of exporter-toolkit, with the values that some of them must have. */
    private static final Map<String, List<String>> HEADERS = Map.of(
            "Strict-Transport-Security", List.of(),
            "X-Content-Type-Options", List.of("nosniff"),
            "X-Frame-Options", List.of("deny", "sameorigin"),
            "X-XSS-Protection", List.of(),
            "Content-Security-Policy", List.of());

    static WebConfig read(Path file) throws ConfigException {
        YamlValue root = YamlValue.parse(Words.quoted(file), AgentConfig.content(file));
        Map<String, YamlValue> parts = root == null ? Map.of() : root.map(KEYS);
        YamlValue limit = parts.get("rate_limit");
        if (limit != null) {
            throw limit.wrong("is not offered by this agent; leave it out");
        }
        List<Path> files = new ArrayList<>(List.of(file));
        YamlValue tls = parts.get("tls_server_config");
        Path folder = file.toAbsolutePath().getParent();
        return new WebConfig(
                tls == null || folder == null ? null : WebTls.read(tls, folder, files),
                users(parts.get("basic_auth_users")),
                headers(parts.get("http_server_config")),
                List.copyOf(files));
    }

    private static Map<String, String> users(@Nullable YamlValue given) throws ConfigException {
        Map<String, String> users = new LinkedHashMap<>();
        if (given != null) {
            for (Map.Entry<String, YamlValue> user : given.map().entrySet()) {
                String hash = user.getValue().text();
                if (cost(hash) < 4 || cost(hash) > DEAREST) {
                    // The value is not quoted: it may be the password itself.
                    throw user.getValue()
                            .wrong("has no hash of bcrypt with a cost of 4 to " + DEAREST + ", such as"
                                    + " htpasswd -nBC 10 \"\" prints: $2y$10$ and 53 letters and digits");
                }
                users.put(user.getKey(), hash);
            }
        }
        return Collections.unmodifiableMap(users);
    }

    /** {@return the cost of a hash; 0 if it is none} */
    private static int cost(String hash) {
        return HASH.matcher(hash).matches() ? Integer.parseInt(hash.substring(4, 6)) : 0;
    }

    /** {@return the cost of the dearest hash: what an unknown user costs, too} */
    int cost() {
        return users.values().stream().mapToInt(WebConfig::cost).max().orElse(0);
    }

    private static Map<String, String> headers(@Nullable YamlValue given) throws ConfigException {
        Map<String, YamlValue> parts = given == null ? Map.of() : given.map(Set.of("http2", "headers"));
        YamlValue http2 = parts.get("http2");
        if (http2 != null) {
            http2.flag(); // permits HTTP/2, which no client gets here
        }
        YamlValue fields = parts.get("headers");
        Map<String, String> headers = new LinkedHashMap<>();
        if (fields != null) {
            for (Map.Entry<String, YamlValue> field :
                    fields.map(HEADERS.keySet()).entrySet()) {
                String value = field.getValue().text();
                List<String> fitting = HEADERS.getOrDefault(field.getKey(), List.of());
                if (!fitting.isEmpty() && !fitting.contains(value)) {
                    throw field.getValue().refused(String.join(" or ", fitting));
                }
                if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
                    throw field.getValue().refused("a value of printable ASCII on one line");
                }
                headers.put(field.getKey(), value);
            }
        }
        return Collections.unmodifiableMap(headers);
    }
}
