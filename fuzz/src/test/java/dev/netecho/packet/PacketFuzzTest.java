// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import dev.netecho.fuzz.Campaign;
import dev.netecho.fuzz.Mutator;
import dev.netecho.fuzz.PacketOracle;
import dev.netecho.fuzz.Packets;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Everything that reads packets in core, against the oracle. */
final class PacketFuzzTest {
    private static final int ROOM = 512;

    private final List<byte[]> corpus = Packets.corpus("icmp.hex");
    private final ByteBuffer heap = ByteBuffer.allocate(ROOM);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(ROOM).order(ByteOrder.LITTLE_ENDIAN);
    private final QuotedEcho quote = new QuotedEcho();

    @Test
    void icmpMessages() {
        Campaign.run("ICMP messages", 20, random -> {
            byte[] message = Mutator.mutate(corpus.get(random.nextInt(corpus.size())), 4, random);
            int offset = random.nextInt(16);
            ByteBuffer buffer = buffer(message, offset, random);
            boolean far = false;
            for (IpVersion version : IpVersion.values()) {
                boolean ipv6 = version == IpVersion.V6;
                PacketOracle.Reply reply = PacketOracle.reply(message, ipv6);
                assertThat(IcmpEcho.isReply(buffer, offset, message.length, version))
                        .as(() -> version + " reply " + hex(message))
                        .isEqualTo(reply != null);
                if (reply != null) {
                    assertThat(IcmpEcho.identifier(buffer, offset)).isEqualTo(reply.identifier());
                    assertThat(IcmpEcho.sequence(buffer, offset)).isEqualTo(reply.sequence());
                }
                PacketOracle.IcmpError error = PacketOracle.error(message, ipv6);
                assertThat(quote.decodeError(buffer, offset, message.length, version))
                        .as(() -> version + " error " + hex(message))
                        .isEqualTo(error != null);
                if (error != null) {
                    assertThat(read(ipv6)).as(() -> hex(message)).isEqualTo(text(error));
                }
                far |= reply != null || error != null;
            }
            return far;
        });
    }

    @Test
    void quotesOfTheErrorQueue() {
        Campaign.run("quotes", 20, random -> {
            boolean ipv6 = random.nextBoolean();
            byte[] echo = Packets.echo(ipv6 ? 128 : 8, 0x1234, 0xfffe, Packets.random(random.nextInt(20), random));
            byte[] message = Mutator.mutate(echo, 3, random);
            int offset = random.nextInt(16);
            ByteBuffer buffer = buffer(message, offset, random);
            boolean request = message.length >= 8 && PacketOracle.at(message, 0) == (ipv6 ? 128 : 8);
            assertThat(quote.decodeQuote(buffer, offset, message.length, ipv6 ? IpVersion.V6 : IpVersion.V4))
                    .as(() -> hex(message))
                    .isEqualTo(request);
            byte[] token = request ? PacketOracle.token(message, 8) : new byte[0];
            assertThat(quote.tokenPresent()).as(() -> hex(message)).isEqualTo(token.length == 8);
            assertThat(quote.token()).isEqualTo(token.length == 8 ? new BigInteger(token).longValue() : 0);
            assertThat(quote.identifier()).isEqualTo(request ? PacketOracle.two(message, 4) : 0);
            assertThat(quote.sequence()).isEqualTo(request ? PacketOracle.two(message, 6) : 0);
            return request;
        });
    }

    @Test
    void extensionsOfErrors() {
        Campaign.run("extensions", 10, random -> {
            boolean ipv6 = random.nextBoolean();
            IpVersion version = ipv6 ? IpVersion.V6 : IpVersion.V4;
            int quoted = 128 + 8 * random.nextInt(4);
            byte[] structure = Mutator.mutate(structure(random), 2, random);
            if (structure.length >= 4 && random.nextInt(4) > 0) {
                structure[2] = 0;
                structure[3] = 0;
                if (random.nextInt(4) > 0) {
                    int sum = PacketOracle.checksum(structure);
                    structure[2] = (byte) (sum >> 8);
                    structure[3] = (byte) sum;
                }
            }
            int told = random.nextInt(3) == 0 ? 0 : ipv6 ? (quoted / 8) << 24 : (quoted / 4) << 16;
            int type = ipv6 ? 1 + random.nextInt(4) : new int[] {3, 4, 5, 11, 12}[random.nextInt(5)];
            byte[] quote = Packets.join(Packets.random(quoted, random), structure);
            byte[] message = Packets.icmp(type, 0, told, quote);
            if (random.nextInt(4) == 0) {
                message = Mutator.mutate(message, 2, random);
            }
            int offset = random.nextInt(16);
            List<String> expected = PacketOracle.extensions(message, ipv6);
            String shown = hex(message);
            ByteBuffer buffer = buffer(message, offset, random);
            assertThat(texts(IcmpExtensions.ofError(buffer, offset, message.length, version)))
                    .as(() -> version + " " + shown)
                    .isEqualTo(expected);

            int begin = random.nextInt(4) == 0 ? random.nextInt(0x10000) : random.nextInt(3) == 0 ? 0 : quoted;
            ByteBuffer data = buffer(quote, offset, random);
            int structureAt = begin == 0 ? 128 - (ipv6 ? 40 : 20) : begin;
            List<String> behindQuote = PacketOracle.extendable(type, ipv6)
                    ? PacketOracle.objects(quote, structureAt, begin != 0)
                    : List.of();
            assertThat(texts(IcmpExtensions.ofQuote(data, offset, quote.length, version, type, begin)))
                    .as(() -> version + " type " + type + " begin " + begin + " " + hex(quote))
                    .isEqualTo(behindQuote);
            return !expected.isEmpty() || !behindQuote.isEmpty();
        });
    }

    /** Version, checksum and some objects, with true lengths. */
    private static byte[] structure(SplittableRandom random) {
        byte[] structure = {0x20, 0, 0, 0};
        for (int i = random.nextInt(40) == 0 ? 34 : random.nextInt(4); i > 0; i--) {
            byte[] data = Packets.random(i > 4 ? 0 : random.nextInt(12), random);
            structure = Packets.join(structure, Packets.number(4 + data.length, 2), Packets.random(2, random), data);
        }
        return structure;
    }

    private static List<String> texts(List<IcmpExtension> extensions) {
        return extensions.stream()
                .map(each -> each.classNumber() + "/" + each.type() + ":" + hex(each.data()))
                .toList();
    }

    @Test
    void headersChecksumsAndPayloads() {
        Campaign.run("headers", 20, random -> {
            boolean ipv6 = random.nextBoolean();
            int side = ipv6 ? 16 : 4;
            byte[] source = Packets.random(side, random);
            byte[] destination = Packets.random(side, random);
            byte[] data = new byte[random.nextInt(80)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) i; // the pattern of ping(8)
            }
            byte[] echo = Packets.echo(ipv6 ? 129 : 0, 7, 9, data);
            byte[] packet = Mutator.mutate(Packets.ip(ipv6, source, destination, echo, random), 3, random);
            int offset = random.nextInt(16);
            ByteBuffer buffer = buffer(packet, offset, random);
            int header4 = PacketOracle.headerInIpv4(packet);
            assertThat(Ipv4Header.headerLength(buffer, offset, packet.length))
                    .as(() -> hex(packet))
                    .isEqualTo(header4);
            boolean six = packet.length >= 40 && PacketOracle.at(packet, 0) / 16 == 6;
            assertThat(Ipv6Header.headerLength(buffer, offset, packet.length))
                    .as(() -> hex(packet))
                    .isEqualTo(six ? 40 : 0);
            if (six) {
                assertThat(Ipv6ExtensionHeaders.icmpOffset(buffer, offset, packet.length))
                        .as(() -> hex(packet))
                        .isEqualTo(PacketOracle.icmpInIpv6(packet));
                assertThat(Ipv6Header.trafficClass(buffer, offset)).isEqualTo(PacketOracle.two(packet, 0) / 16 % 256);
                assertThat(Ipv6Header.hopLimit(buffer, offset)).isEqualTo(PacketOracle.at(packet, 7));
                assertThat(InternetChecksum.ofIcmpv6(buffer, offset, offset + 40, packet.length - 40))
                        .as(() -> hex(packet))
                        .isEqualTo(Packets.checksum(
                                PacketOracle.from(packet, 40),
                                true,
                                Arrays.copyOfRange(packet, 8, 24),
                                Arrays.copyOfRange(packet, 24, 40)));
            }
            if (header4 > 0) {
                assertThat(Ipv4Header.typeOfService(buffer, offset)).isEqualTo(PacketOracle.at(packet, 1));
                assertThat(Ipv4Header.totalLength(buffer, offset)).isEqualTo(PacketOracle.two(packet, 2));
                assertThat(Ipv4Header.fragmentOffset(buffer, offset)).isEqualTo(PacketOracle.two(packet, 6) % 0x2000);
                assertThat(Ipv4Header.timeToLive(buffer, offset)).isEqualTo(PacketOracle.at(packet, 8));
                assertThat(Ipv4Header.protocol(buffer, offset)).isEqualTo(PacketOracle.at(packet, 9));
                assertThat(Integer.toUnsignedLong(Ipv4Header.source(buffer, offset)))
                        .isEqualTo(PacketOracle.four(packet, 12));
                assertThat(Integer.toUnsignedLong(Ipv4Header.destination(buffer, offset)))
                        .isEqualTo(PacketOracle.four(packet, 16));
            }
            assertThat(InternetChecksum.of(buffer, offset, packet.length))
                    .as(() -> hex(packet))
                    .isEqualTo(PacketOracle.checksum(packet));
            byte[] payload = Mutator.mutate(data, 2, random);
            boolean pattern = true;
            for (int i = payload.length >= 8 ? 8 : 0; i < payload.length; i++) {
                pattern &= payload[i] == (byte) i;
            }
            ByteBuffer inside = buffer(payload, offset, random);
            assertThat(DefaultPayload.matchesPattern(inside, offset, payload.length))
                    .as(() -> hex(payload))
                    .isEqualTo(pattern);
            return six || header4 > 0;
        });
    }

    /** The bytes somewhere in a buffer of some kind whose limit is their end: one byte too far throws. */
    private ByteBuffer buffer(byte[] bytes, int offset, SplittableRandom random) {
        ByteBuffer buffer = random.nextBoolean() ? heap : direct;
        return buffer.limit(offset + bytes.length).put(offset, bytes);
    }

    private String read(boolean ipv6) {
        byte[] destination = ipv6
                ? ByteBuffer.allocate(16)
                        .putLong(quote.ipv6DestinationHigh())
                        .putLong(quote.ipv6DestinationLow())
                        .array()
                : ByteBuffer.allocate(4).putInt(quote.ipv4Destination()).array();
        byte[] token = quote.tokenPresent()
                ? ByteBuffer.allocate(8).putLong(quote.token()).array()
                : new byte[0];
        return text(new PacketOracle.IcmpError(
                quote.type(),
                quote.code(),
                quote.nextHopMtu(),
                quote.pointer(),
                destination,
                quote.identifier(),
                quote.sequence(),
                token));
    }

    private static String text(PacketOracle.IcmpError error) {
        return error.type() + "/" + error.code() + " mtu " + error.mtu() + " pointer " + error.pointer() + " to "
                + hex(error.destination()) + " id " + error.identifier() + " sequence " + error.sequence() + " token "
                + hex(error.token());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
