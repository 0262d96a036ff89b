// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Compares passwords with their hashes. A comparison takes a tenth of a second of processor time by design. So its
 * result is kept: a scrape costs one hash of SHA-256. One thread compares: a flood of wrong passwords takes one
 * processor, and holds up nobody whose password is known. Thread-safe.
 */
final class Passwords implements AutoCloseable {
    private static final int MOST_KEPT = 100;
    private static final int LONGEST_QUEUE = 50;

    /** Salt and digest of no password that anybody knows. */
    private static final String NOBODY = "$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    private final BiPredicate<byte[], String> comparison;
    private final byte[] secret = new byte[32];
    private final ThreadPoolExecutor thread;

    /** Apart: a flood of wrong passwords must not drive out the right ones. Each is guarded by itself. */
    private final Map<ByteBuffer, Boolean> right = new Recent();

    private final Map<ByteBuffer, Boolean> wrong = new Recent();

    Passwords() {
        this(BCrypt::checkpw);
    }

    /** Constructs one with a comparison of the test's own. */
    Passwords(BiPredicate<byte[], String> comparison) {
        this.comparison = comparison;
        new SecureRandom().nextBytes(secret);
        this.thread =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(LONGEST_QUEUE), task -> {
                    Thread made = new Thread(task, "netecho-agent-passwords");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Says whether a user has a password: at once if that is known, and later on a thread of its own otherwise. An
     * unknown user costs as much as a known one: how long an answer takes does not tell which users there are.
     *
     * @return false if too many wait; then nothing is said
     */
    boolean check(WebConfig config, String user, byte[] password, Consumer<Boolean> said) {
        String known = config.users().get(user);
        String hash = known == null ? "$2y$" + (config.cost() < 10 ? "0" : "") + config.cost() + NOBODY : known;
        ByteBuffer key = key(user, hash, password);
        Boolean result = kept(key);
        if (result != null) {
            said.accept(result);
            return true;
        }
        try {
            thread.execute(() -> {
                Boolean meanwhile = kept(key); // the same was asked twice
                boolean fits = meanwhile == null ? comparison.test(password, hash) && known != null : meanwhile;
                Map<ByteBuffer, Boolean> keep = fits ? right : wrong;
                synchronized (keep) {
                    keep.put(key, fits);
                }
                said.accept(fits);
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private @Nullable Boolean kept(ByteBuffer key) {
        for (Map<ByteBuffer, Boolean> keep : Arrays.asList(right, wrong)) {
            synchronized (keep) {
                Boolean result = keep.get(key);
                if (result != null) {
                    return result;
                }
            }
        }
        return null;
    }

    /** Memory holds no passwords: the key is a hash of them with a secret of this process. */
    private ByteBuffer key(String user, String hash, byte[] password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            byte[] name = user.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(0, name.length));
            digest.update(name);
            digest.update(hash.getBytes(StandardCharsets.US_ASCII)); // 60 characters each
            return ByteBuffer.wrap(digest.digest(password));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Recent extends LinkedHashMap<ByteBuffer, Boolean> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > MOST_KEPT;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
