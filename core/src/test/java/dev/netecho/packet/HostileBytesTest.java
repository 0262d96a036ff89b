// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * No bytes make a reader throw, read beyond its range, or depend on what lies around it.
 *
 * <p>Every packet is read twice: from a heap buffer that ends with it, and from the middle of a direct buffer in the
 * other byte order amid random bytes. The limit of both is the end of the packet, so one byte too far throws.
 */
class HostileBytesTest {
    private static final int MAXIMUM_LENGTH = 300;
    private static final int ROUNDS = 250_000;

    private static final List<byte[]> SEEDS = List.of(
            Hex.bytes("0000 1234 0001 0002 80112233445566ff 08090a0b"),
            Hex.bytes("8100 1234 0001 0002 80112233445566ff 08090a0b"),
            Hex.bytes(
                    "0304 0000 0000 0578 4500 0054 1c46 4000 0101 b1e6 c000020a c63364f7 0800 9a3b 1234 fffe",
                    "80112233445566ff 08090a0b0c0d0e0f"),
            Hex.bytes(
                    "0b00 0000 0020 0000 4600 0024 1c46 4000 0101 b1e6 c000020a c63364f7 01010100 0800 9a3b 1234 fffe",
                    "80112233445566ff",
                    Hex.zeros(84),
                    "2000 a5c7 0008 0101 00010140"),
            Hex.bytes(
                    "0200 0000 0000 0578 600d89ab 0040 3a 01 20010db8000000000000000000000001",
                    "20010db800ff0000000000000080fff7 8000 9a3b 8234 0001 80112233445566ff 08090a0b0c0d0e0f"),
            Hex.bytes(
                    "0300 0000 1000 0000 600d89ab 0040 00 01 20010db8000000000000000000000001",
                    "20010db800ff0000000000000080fff7 3c00010400000000 2b01010400000000 0000000000000000",
                    "2c00040000000000 3a00000112345678 8000 9a3b 8234 0001 80112233445566ff 08090a0b0c0d0e0f"));

    private final ByteBuffer alone = BufferKind.HEAP_BIG_ENDIAN.allocate(MAXIMUM_LENGTH);
    private final ByteBuffer amid = BufferKind.DIRECT_LITTLE_ENDIAN.allocate(MAXIMUM_LENGTH + 16);
    private final Reading first = new Reading();
    private final Reading second = new Reading();
    private int matches;

    @Test
    void mutatedPacketsAreReadSafelyAndAlikeEverywhere() {
        run(System.nanoTime(), true);

        assertThat(matches).as("mutations that still reach the quoted echo").isGreaterThan(ROUNDS / 20);
    }

    @Test
    void randomBytesAreReadSafelyAndAlikeEverywhere() {
        run(System.nanoTime(), false);
    }

    private void run(long seed, boolean mutate) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] packet = mutate ? mutation(random) : random(random);
            try {
                readTwice(packet, random);
            } catch (RuntimeException | AssertionError e) {
                fail(String.format(Locale.ROOT, "seed %d, round %d, packet %s", seed, round, hex(packet)), e);
            }
        }
    }

    private void readTwice(byte[] packet, SplittableRandom random) {
        alone.limit(packet.length).put(0, packet);
        int offset = random.nextInt(16);
        amid.limit(amid.capacity()).putLong(0, random.nextLong()).putLong(8, random.nextLong());
        amid.put(offset, packet).limit(offset + packet.length);
        for (IpVersion version : IpVersion.values()) {
            first.read(alone, 0, packet.length, version);
            second.read(amid, offset, packet.length, version);
            if (!first.agreesWith(second)) {
                fail(version + " is read differently from the two buffers");
            }
            if (first.error.matched()) {
                matches++;
            }
        }
    }

    private static byte[] random(SplittableRandom random) {
        byte[] packet = new byte[random.nextInt(random.nextInt(MAXIMUM_LENGTH) + 1)];
        random.nextBytes(packet);
        return packet;
    }

    /** One to four changes: a byte, a bit, a run of one value, or another length. */
    private static byte[] mutation(SplittableRandom random) {
        byte[] packet = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int changes = random.nextInt(4); changes >= 0 && packet.length > 0; changes--) {
            int at = random.nextInt(packet.length);
            switch (random.nextInt(4)) {
                case 0 -> packet[at] = (byte) random.nextInt();
                case 1 -> packet[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    byte value = random.nextBoolean() ? (byte) 0xff : 0;
                    Arrays.fill(packet, at, Math.min(packet.length, at + 4), value);
                }
                default -> packet = Arrays.copyOf(packet, random.nextInt(packet.length * 2 + 1));
            }
        }
        return packet.length <= MAXIMUM_LENGTH ? packet : Arrays.copyOf(packet, MAXIMUM_LENGTH);
    }

    private static String hex(byte[] packet) {
        return HexFormat.of().formatHex(packet);
    }

    /** All that the package has to say about a range of bytes. */
    private static final class Reading {
        final QuotedEcho error = new QuotedEcho();
        final QuotedEcho quote = new QuotedEcho();
        boolean reply;
        int ipv4HeaderLength;
        int ipv6HeaderLength;
        int checksum;
        boolean pattern;
        List<IcmpExtension> ofError = List.of();
        List<IcmpExtension> ofQuote = List.of();

        void read(ByteBuffer buffer, int offset, int length, IpVersion version) {
            error.decodeError(buffer, offset, length, version);
            quote.decodeQuote(buffer, offset, length, version);
            reply = IcmpEcho.isReply(buffer, offset, length, version);
            ipv4HeaderLength = Ipv4Header.headerLength(buffer, offset, length);
            ipv6HeaderLength = Ipv6Header.headerLength(buffer, offset, length);
            checksum = InternetChecksum.of(buffer, offset, length);
            ofError = IcmpExtensions.ofError(buffer, offset, length, version);
            int type = version == IpVersion.V4 ? 11 : 3;
            ofQuote = IcmpExtensions.ofQuote(buffer, offset, length, version, type, error.sequence());
            pattern = DefaultPayload.matchesPattern(buffer, offset, length);
        }

        boolean agreesWith(Reading other) {
            return reply == other.reply
                    && ipv4HeaderLength == other.ipv4HeaderLength
                    && ipv6HeaderLength == other.ipv6HeaderLength
                    && checksum == other.checksum
                    && pattern == other.pattern
                    && ofError.equals(other.ofError)
                    && ofQuote.equals(other.ofQuote)
                    && equal(error, other.error)
                    && equal(quote, other.quote);
        }

        private static boolean equal(QuotedEcho a, QuotedEcho b) {
            return a.matched() == b.matched()
                    && a.type() == b.type()
                    && a.code() == b.code()
                    && a.nextHopMtu() == b.nextHopMtu()
                    && a.pointer() == b.pointer()
                    && a.ipv4Destination() == b.ipv4Destination()
                    && a.ipv6DestinationHigh() == b.ipv6DestinationHigh()
                    && a.ipv6DestinationLow() == b.ipv6DestinationLow()
                    && a.identifier() == b.identifier()
                    && a.sequence() == b.sequence()
                    && a.tokenPresent() == b.tokenPresent()
                    && a.token() == b.token();
        }
    }
}
