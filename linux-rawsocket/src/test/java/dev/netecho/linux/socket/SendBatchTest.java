// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.packet.IcmpEcho;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a batch writes, whatever its memory held before. */
final class SendBatchTest {
    private static final EchoRequest REQUEST = EchoRequest.to(InetAddress.getLoopbackAddress());
    private static final int ERAS = 40;
    private static final int ROUNDS = 12;

    @Test
    void writesEveryPayloadAsIfItsMemoryWereNew() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int era = 0; era < ERAS; era++) {
            try (SendBatch batch = new SendBatch()) {
                for (int round = 0; round < ROUNDS; round++) {
                    // Nothing is longer than what fits at first, until the last rounds.
                    stageSome(batch, random, round < ROUNDS - 2 ? 180 : 3_000, "seed " + seed + " era " + era);
                }
            }
        }
    }

    /** The sender asks before every call that hands over the same packet: another host's error may have ended one. */
    @Test
    void asksOnceForTheDepartureOfAPacket() {
        try (SendBatch batch = new SendBatch()) {
            EchoPayload payload = EchoPayload.ofSize(56);
            for (int round = 0; round < 2; round++) {
                batch.putPayload(payload, 1);
                batch.stage(IcmpEcho.HEADER_LENGTH + payload.size(), REQUEST, 0, null);
                byte[] plain = everything(batch);
                batch.askForDeparture();
                byte[] asked = everything(batch);
                assertThat(Arrays.mismatch(asked, plain)).as("round %d", round).isNotNegative();

                batch.askForDeparture();

                assertThat(Arrays.mismatch(everything(batch), asked))
                        .as("round %d", round)
                        .isNegative();
                batch.clear();
            }
        }
    }

    private static byte[] everything(SendBatch batch) {
        byte[] bytes = new byte[batch.buffer().capacity()];
        batch.buffer().get(0, bytes);
        return bytes;
    }

    private static void stageSome(SendBatch batch, Random random, int longest, String when) {
        int size = random.nextInt(SendBatch.CAPACITY) + 1;
        for (int i = 0; i < size; i++) {
            EchoPayload payload = payload(random, longest);
            int length = IcmpEcho.HEADER_LENGTH + payload.size();
            if (!batch.accepts(length)) {
                break; // it grows with the next batch
            }
            long token = random.nextLong();

            batch.putPayload(payload, token);

            assertThat(data(batch, payload.size()))
                    .as("%s message %d: %s", when, i, payload)
                    .isEqualTo(fresh(payload, token));
            batch.stage(length, REQUEST, 0, null);
        }
        batch.clear();
    }

    /** Mostly the default form, short ones without a token among them. */
    private static EchoPayload payload(Random random, int longest) {
        int[] bounds = {12, 60, 60, longest};
        int size = random.nextInt(bounds[random.nextInt(bounds.length)]);
        if (random.nextInt(4) > 0) {
            return EchoPayload.ofSize(size);
        }
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return EchoPayload.of(bytes);
    }

    private static byte[] data(SendBatch batch, int size) {
        byte[] data = new byte[size];
        batch.buffer().get(batch.packetOffset() + IcmpEcho.HEADER_LENGTH, data);
        return data;
    }

    private static byte[] fresh(EchoPayload payload, long token) {
        ByteBuffer buffer = ByteBuffer.allocate(payload.size());
        payload.copyInto(buffer, 0, token);
        return buffer.array();
    }
}
