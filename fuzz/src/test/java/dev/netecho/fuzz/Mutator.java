// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes bytes a little: mostly what is at the beginning, where headers are. */
public final class Mutator {
    private static final int[] INTERESTING = {
        0, 1, 3, 4, 5, 7, 8, 11, 12, 0x0f, 0x40, 0x45, 0x46, 0x60, 0x7f, 0x80, 0x81, 0xff
    };
    private static final int HEADERS = 64;
    private static final int LONGEST = 400;

    private Mutator() {}

    /**
     * {@return a copy with changes}
     *
     * @param input what is changed; stays as it is
     * @param most the largest number of changes; as often as any other number there are none
     * @param random decides
     */
    public static byte[] mutate(byte[] input, int most, SplittableRandom random) {
        byte[] bytes = input.clone();
        for (int changes = random.nextInt(most + 1); changes > 0; changes--) {
            bytes = change(bytes, random);
        }
        return bytes;
    }

    private static byte[] change(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return new byte[random.nextInt(HEADERS)];
        }
        int range = random.nextInt(4) == 0 ? bytes.length : Math.min(bytes.length, HEADERS);
        int at = random.nextInt(range);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2, 3 -> bytes[at] = (byte) INTERESTING[random.nextInt(INTERESTING.length)];
            case 4 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 5 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(16)), (byte) 0);
            case 6 -> System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
            case 7 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            default -> {
                return Arrays.copyOf(bytes, Math.min(LONGEST, bytes.length + random.nextInt(40)));
            }
        }
        return bytes;
    }
}
