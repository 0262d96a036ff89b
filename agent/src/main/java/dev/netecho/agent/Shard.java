// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of the targets that one of several agents watches. The rule is that of Prometheus' relabel action
 * {@code hashmod} over the host: so Prometheus can share the same list among its own shards.
 *
 * @param index which part, counted from 0
 * @param of how many there are
 */
record Shard(int index, int of) {
    static final Shard WHOLE = new Shard(0, 1);

    private static final int MOST = 10_000;
    private static final Pattern ORDINAL = Pattern.compile(".*-([0-9]{1,4})");

    /**
     * {@return the shard of a configuration}
     *
     * @param environment where the index is if it is {@code auto}: that of a job, or the ordinal of a pod's name
     */
    static Shard read(@Nullable YamlValue given, Map<String, String> environment) throws ConfigException {
        if (given == null) {
            return WHOLE;
        }
        Map<String, YamlValue> parts = given.map(Set.of("index", "of"));
        YamlValue index = parts.get("index");
        YamlValue of = parts.get("of");
        if (index == null || of == null) {
            throw given.wrong("must have the keys index and of");
        }
        int shards = of.integer(1, MOST);
        if (!index.text().equals("auto")) {
            return new Shard(index.integer(0, shards - 1), shards);
        }
        String own = environment.get("JOB_COMPLETION_INDEX");
        if (own == null) {
            Matcher pod = ORDINAL.matcher(environment.getOrDefault("HOSTNAME", ""));
            own = pod.matches() ? pod.group(1) : "";
        }
        if (own.matches("[0-9]{1,4}") && Integer.parseInt(own) < shards) {
            return new Shard(Integer.parseInt(own), shards);
        }
        throw index.wrong(
                "is auto, but neither JOB_COMPLETION_INDEX nor the end of HOSTNAME, such as agent-0, is a number"
                        + " from 0 to " + (shards - 1));
    }

    /** {@return whether a host belongs to this part} */
    boolean owns(String host) {
        if (of == 1) {
            return true;
        }
        try {
            // Prometheus takes the last eight bytes of the digest, the highest first.
            byte[] hash = MessageDigest.getInstance("MD5").digest(host.getBytes(StandardCharsets.UTF_8));
            return Long.remainderUnsigned(ByteBuffer.wrap(hash, 8, 8).getLong(), of) == index;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
