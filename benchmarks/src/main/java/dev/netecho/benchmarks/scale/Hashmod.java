// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The sharding rule of Prometheus' relabel action {@code hashmod}: the last eight bytes of an MD5 digest, modulo the
 * shards.
 */
final class Hashmod {
    private final MessageDigest digest;

    Hashmod() {
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** {@return which shard a target belongs to, 0 to {@code shards - 1}} */
    int shard(String target, int shards) {
        byte[] hash = digest.digest(target.getBytes(StandardCharsets.UTF_8));
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash, 8, 8).getLong(), shards);
    }
}
