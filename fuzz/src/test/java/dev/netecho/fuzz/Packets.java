// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** Right packets, built byte by byte, and the corpus. */
public final class Packets {
    private Packets() {}

    /**
     * {@return the messages of a file of the corpus: one in each line, in hexadecimal, behind a comment that ends with
     * a colon}
     */
    public static List<byte[]> corpus(String file) {
        try (InputStream in = Packets.class.getResourceAsStream("/corpus/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(":"))
                    .map(line -> HexFormat.of()
                            .parseHex(line.substring(line.indexOf(':') + 1).replace(" ", "")))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return an ICMP message with its checksum zero} */
    public static byte[] icmp(int type, int code, int rest, byte[] body) {
        return join(new byte[] {(byte) type, (byte) code, 0, 0}, number(rest, 4), body);
    }

    /** {@return an echo request or reply} */
    public static byte[] echo(int type, int identifier, int sequence, byte[] data) {
        return icmp(type, 0, identifier << 16 | sequence, data);
    }

    /** {@return an IP packet; in IPv6 now and then with extension headers} */
    public static byte[] ip(
            boolean ipv6, byte[] source, byte[] destination, byte[] message, SplittableRandom extensions) {
        if (!ipv6) {
            return join(
                    new byte[] {0x45, 0},
                    number(20 + message.length, 2),
                    new byte[] {0x1c, 0x46, 0x40, 0, 57, 1, 0, 0},
                    source,
                    destination,
                    message);
        }
        byte[] chain = {};
        int next = 58;
        for (int i = extensions == null ? 0 : Math.max(0, extensions.nextInt(12) - 8); i > 0; i--) {
            int kind = new int[] {0, 43, 44, 60}[extensions.nextInt(4)];
            chain = join(new byte[] {(byte) next, 0, 0, (byte) (kind == 44 ? 1 : 4), 0, 0, 0, 0}, chain);
            next = kind;
        }
        return join(
                new byte[] {0x60, 0, 0, 0},
                number(chain.length + message.length, 2),
                new byte[] {(byte) next, 57},
                source,
                destination,
                chain,
                message);
    }

    /** Puts the ICMP checksum right, where there is room for one. */
    public static void correct(byte[] message, boolean ipv6, byte[] source, byte[] destination) {
        if (message.length < 4) {
            return;
        }
        message[2] = 0;
        message[3] = 0;
        int checksum = checksum(message, ipv6, source, destination);
        message[2] = (byte) (checksum >> 8);
        message[3] = (byte) checksum;
    }

    /** {@return the checksum over a message, and in IPv6 the pseudo-header (RFC 8200, 8.1)} */
    public static int checksum(byte[] message, boolean ipv6, byte[] source, byte[] destination) {
        return ipv6
                ? PacketOracle.checksum(source, destination, number(message.length, 4), number(58, 4), message)
                : PacketOracle.checksum(message);
    }

    /** {@return a number in network order} */
    public static byte[] number(int value, int size) {
        byte[] bytes = new byte[size];
        for (int i = size - 1, rest = value; i >= 0; i--, rest >>= 8) {
            bytes[i] = (byte) rest;
        }
        return bytes;
    }

    /** {@return all of them, one after the other} */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** {@return some bytes} */
    public static byte[] random(int length, SplittableRandom random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
