// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PasswordsTest {
    /** Of "fakepassword", as exporter-toolkit has it. */
    private static final String HASH = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

    private final List<String> compared = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Boolean> said = new LinkedBlockingQueue<>();

    private static WebConfig config(Map<String, String> users) {
        return new WebConfig(null, users, Map.of(), List.of());
    }

    private static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private boolean check(Passwords passwords, WebConfig config, String user, String password) throws Exception {
        assertThat(passwords.check(config, user, bytes(password), said::add)).isTrue();
        return said.poll(20, TimeUnit.SECONDS);
    }

    private boolean compare(byte[] password, String hash) {
        compared.add(hash);
        return new String(password, StandardCharsets.UTF_8).equals("right");
    }

    @Test
    void theHashesOfTheFieldAreCompared() throws Exception {
        WebConfig config = config(Map.of("me", HASH, "b", HASH.replace("2y", "2b"), "a", HASH.replace("2y", "2a")));
        try (Passwords passwords = new Passwords()) {
            assertThat(check(passwords, config, "me", "fakepassword")).isTrue();
            assertThat(check(passwords, config, "a", "fakepassword")).isTrue();
            assertThat(check(passwords, config, "b", "fakepassword")).isTrue();
            assertThat(check(passwords, config, "me", "fakepasswore")).isFalse();
            assertThat(check(passwords, config, "me", "x".repeat(5_000))).isFalse();
            assertThat(check(passwords, config, "me", "")).isFalse();
            assertThat(check(passwords, config, "nobody", "fakepassword")).isFalse();
        }
    }

    @Test
    void anUnknownUserCostsAsMuchAsAKnownOneAndAKnownPasswordNothing() throws Exception {
        WebConfig config = config(Map.of("me", HASH.replace("$10$", "$12$")));
        try (Passwords passwords = new Passwords(this::compare)) {
            for (int i = 0; i < 3; i++) {
                assertThat(check(passwords, config, "me", "right")).isTrue();
                assertThat(check(passwords, config, "me", "wrong")).isFalse();
                assertThat(check(passwords, config, "nobody", "right")).isFalse();
                assertThat(check(passwords, config, "nobody", "wrong")).isFalse();
            }
            assertThat(compared).hasSize(4).allMatch(hash -> hash.startsWith("$2y$12$") && hash.length() == 60);
        }
    }

    @Test
    void aFloodOfWrongPasswordsHoldsUpNobodyWhoIsKnown() throws Exception {
        WebConfig config = config(Map.of("me", HASH));
        CountDownLatch gate = new CountDownLatch(1);
        try (Passwords passwords = new Passwords((password, hash) -> {
            if (password[0] == 'w') {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    return false;
                }
            }
            return compare(password, hash);
        })) {
            assertThat(check(passwords, config, "me", "right")).isTrue();
            BlockingQueue<Boolean> wrong = new LinkedBlockingQueue<>();
            int taken = 0;
            while (passwords.check(config, "me", bytes("wrong" + taken), wrong::add)) {
                taken++;
            }
            assertThat(taken).isBetween(10, 100); // memory is bounded
            assertThat(check(passwords, config, "me", "right")).isTrue();
            gate.countDown();
            for (int i = 0; i < taken; i++) {
                assertThat(wrong.poll(20, TimeUnit.SECONDS)).isFalse();
            }
            for (int i = 0; i < 200; i++) {
                assertThat(check(passwords, config, "me", "more" + i)).isFalse();
            }
            compared.clear();
            assertThat(check(passwords, config, "me", "right")).isTrue();
            assertThat(compared).isEmpty(); // wrong ones have not driven it out
        }
    }
}
