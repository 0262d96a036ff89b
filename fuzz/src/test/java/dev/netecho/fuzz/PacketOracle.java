// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a packet says, and what a request it may answer owes to it: written from the RFCs and SPEC.md only, slow and
 * plain. It shares no line with the library.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public final class PacketOracle {
    private static final Set<Integer> ERRORS4 = Set.of(3, 4, 5, 11, 12);
    private static final Set<Integer> ERRORS6 = IntStream.range(0, 128).boxed().collect(Collectors.toUnmodifiableSet());
    private static final int ICMP4 = 1;
    private static final int ICMP6 = 58;

    /** RFC 792, RFC 1122, RFC 1812, RFC 4443: family, type and code; without a code, all others of the type. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("4 3 0", "NETWORK_UNREACHABLE"),
            Map.entry("4 3 1", "HOST_UNREACHABLE"),
            Map.entry("4 3 2", "PROTOCOL_UNREACHABLE"),
            Map.entry("4 3 3", "PORT_UNREACHABLE"),
            Map.entry("4 3 4", "FRAGMENTATION_NEEDED"),
            Map.entry("4 3 5", "SOURCE_ROUTE_FAILED"),
            Map.entry("4 3 6", "NETWORK_UNREACHABLE"),
            Map.entry("4 3 7", "HOST_UNREACHABLE"),
            Map.entry("4 3 8", "HOST_UNREACHABLE"),
            Map.entry("4 3 9", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("4 3 10", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("4 3 11", "NETWORK_UNREACHABLE"),
            Map.entry("4 3 12", "HOST_UNREACHABLE"),
            Map.entry("4 3 13", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("4 3 14", "HOST_UNREACHABLE"),
            Map.entry("4 3 15", "HOST_UNREACHABLE"),
            Map.entry("4 11 0", "HOP_LIMIT_EXCEEDED"),
            Map.entry("4 11 1", "REASSEMBLY_TIME_EXCEEDED"),
            Map.entry("4 12", "PARAMETER_PROBLEM"),
            Map.entry("6 1 0", "NETWORK_UNREACHABLE"),
            Map.entry("6 1 1", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("6 1 3", "ADDRESS_UNREACHABLE"),
            Map.entry("6 1 4", "PORT_UNREACHABLE"),
            Map.entry("6 1 5", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("6 1 6", "ADMINISTRATIVELY_PROHIBITED"),
            Map.entry("6 2", "PACKET_TOO_BIG"),
            Map.entry("6 3 0", "HOP_LIMIT_EXCEEDED"),
            Map.entry("6 3 1", "REASSEMBLY_TIME_EXCEEDED"),
            Map.entry("6 4", "PARAMETER_PROBLEM"));

    private PacketOracle() {}

    /** An echo reply with code 0. */
    public record Reply(int identifier, int sequence, byte[] data) {}

    /**
     * An ICMP error that quotes an echo request.
     *
     * @param mtu 0 if none is stated
     * @param pointer -1 if none is stated
     * @param token the first eight bytes of the quoted data; empty if they are not quoted
     */
    public record IcmpError(
            int type,
            int code,
            long mtu,
            long pointer,
            byte[] destination,
            int identifier,
            int sequence,
            byte[] token) {}

    /**
     * A request in flight.
     *
     * @param identifier its identifier; -1 if the system has compared it
     * @param data what was sent
     * @param token whether the data begin with a token
     */
    public record Asked(int identifier, int sequence, byte[] destination, byte[] data, boolean token) {
        boolean is(int otherIdentifier, int otherSequence) {
            return (identifier == -1 || identifier == otherIdentifier) && sequence == otherSequence;
        }
    }

    /** What a packet does to a request. */
    public enum Verdict {
        /** It is no answer to it. */
        NOTHING,
        /** Its reply. */
        INTACT,
        /** Its reply, with other data behind the token. */
        ALTERED,
        /** It ends by this ICMP error. */
        ERROR
    }

    /** {@return the verdict on a reply or an error; both may be null} */
    public static Verdict verdict(Asked asked, boolean ipv6, byte[] source, Reply reply, IcmpError error) {
        if (reply != null) {
            return verdict(asked, source, reply);
        }
        return error != null && endsBy(asked, ipv6, error) ? Verdict.ERROR : Verdict.NOTHING;
    }

    private static Verdict verdict(Asked asked, byte[] source, Reply reply) {
        boolean same = Arrays.equals(asked.data, reply.data);
        // SPEC MAT-1, MAT-2.
        boolean named = asked.token ? same || sharesStart(asked.data, reply.data) : same;
        if (!asked.is(reply.identifier, reply.sequence) || !Arrays.equals(asked.destination, source) || !named) {
            return Verdict.NOTHING;
        }
        return same ? Verdict.INTACT : Verdict.ALTERED;
    }

    private static boolean sharesStart(byte[] sent, byte[] received) {
        return received.length >= 8 && Arrays.equals(Arrays.copyOf(sent, 8), Arrays.copyOf(received, 8));
    }

    /** SPEC ERR-1, ERR-2. */
    private static boolean endsBy(Asked asked, boolean ipv6, IcmpError error) {
        boolean noFailure = !ipv6 && (error.type == 4 || error.type == 5);
        // Nothing can be compared with fewer than eight bytes, nor with eight zeros, which look like padding.
        boolean comparable = error.token.length == 8 && asked.data.length >= 8 && !isZero(Arrays.copyOf(asked.data, 8));
        return !noFailure
                && asked.is(error.identifier, error.sequence)
                && Arrays.equals(asked.destination, error.destination)
                && (!comparable || Arrays.equals(error.token, Arrays.copyOf(asked.data, 8)));
    }

    /** {@return the name of the kind of an error} */
    public static String kind(boolean ipv6, int type, int code) {
        String family = ipv6 ? "6 " : "4 ";
        String exact = KINDS.get(family + type + " " + code);
        return exact != null ? exact : KINDS.getOrDefault(family + type, "OTHER");
    }

    /** {@return whether an error ends no request: redirect and source quench (RFC 792, RFC 6633)} */
    public static boolean isNoFailure(boolean ipv6, IcmpError error) {
        return !ipv6 && (error.type == 4 || error.type == 5);
    }

    /** {@return the echo reply in an ICMP message, or null} */
    public static Reply reply(byte[] message, boolean ipv6) {
        if (message.length < 8 || at(message, 0) != (ipv6 ? 129 : 0) || at(message, 1) != 0) {
            return null;
        }
        return new Reply(two(message, 4), two(message, 6), from(message, 8));
    }

    /** {@return the error with its quote in an ICMP message, or null} */
    public static IcmpError error(byte[] message, boolean ipv6) {
        if (message.length < 8 || !(ipv6 ? ERRORS6 : ERRORS4).contains(at(message, 0))) {
            return null;
        }
        byte[] quote = from(message, 8);
        int icmp = ipv6 ? icmpInIpv6(quote) : icmpInIpv4(quote);
        if (icmp < 0 || quote.length < icmp + 8 || at(quote, icmp) != (ipv6 ? 128 : 8)) {
            return null;
        }
        int type = at(message, 0);
        int code = at(message, 1);
        long mtu = 0;
        long pointer = -1;
        if (!ipv6 && type == 3 && code == 4) {
            mtu = two(message, 6); // RFC 1191
        } else if (!ipv6 && type == 12) {
            pointer = at(message, 4); // RFC 792
        } else if (ipv6 && type == 2) {
            // RFC 4443, 3.2; SPEC ERR-1
            mtu = four(message, 4) > Integer.MAX_VALUE ? 0 : four(message, 4);
        } else if (ipv6 && type == 4) {
            pointer = four(message, 4); // RFC 4443, 3.4
        }
        byte[] kept = quote;
        int words = ipv6
                ? (type == 1 || type == 3 ? 8 * at(message, 4) : 0)
                : (type == 3 || type > 5 ? 4 * at(message, 5) : 0);
        if (words > 0 && words < kept.length) {
            kept = Arrays.copyOf(kept, words); // RFC 4884: what follows are objects
        }
        int stated = ipv6 ? 40 + two(quote, 4) : two(quote, 2);
        if (stated >= icmp + 8 && stated < kept.length) {
            kept = Arrays.copyOf(kept, stated); // what follows is padding
        }
        return new IcmpError(
                type,
                code,
                mtu,
                pointer,
                ipv6 ? Arrays.copyOfRange(quote, 24, 40) : Arrays.copyOfRange(quote, 16, 20),
                two(quote, icmp + 4),
                two(quote, icmp + 6),
                token(kept, icmp + 8));
    }

    /** {@return class, type and data in hexadecimal of each object that an ICMP error carries (RFC 4884)} */
    public static List<String> extensions(byte[] message, boolean ipv6) {
        if (message.length < 8 || !extendable(at(message, 0), ipv6)) {
            return List.of();
        }
        int length = ipv6 ? 8 * at(message, 4) : 4 * at(message, 5);
        boolean possible = length >= 128 && 8 + length + 4 <= message.length;
        return objects(message, possible ? 8 + length : 8 + 128, possible);
    }

    /** {@return whether RFC 4884 has a length field for messages of this type} */
    public static boolean extendable(int type, boolean ipv6) {
        return (ipv6 ? Set.of(1, 3) : Set.of(3, 11, 12)).contains(type);
    }

    /** {@return the objects of the structure that begins at an offset and ends with the bytes} */
    public static List<String> objects(byte[] bytes, int offset, boolean told) {
        byte[] structure = offset > bytes.length ? new byte[0] : from(bytes, offset);
        if (structure.length < 8 || at(structure, 0) / 16 != 2) {
            return List.of();
        }
        boolean unchecked = two(structure, 2) == 0;
        if (unchecked ? !told : checksum(structure) != 0) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        byte[] rest = from(structure, 4);
        while (rest.length > 0) {
            int length = rest.length < 4 ? 0 : two(rest, 0);
            if (length < 4 || length > rest.length || found.size() == 32) {
                return List.of();
            }
            found.add(at(rest, 2) + "/" + at(rest, 3) + ":"
                    + HexFormat.of().formatHex(Arrays.copyOfRange(rest, 4, length)));
            rest = from(rest, length);
        }
        return found;
    }

    /** {@return the first eight bytes from an offset on; empty if they are not there, or all zero, which is padding} */
    public static byte[] token(byte[] bytes, int offset) {
        if (bytes.length < offset + 8) {
            return new byte[0];
        }
        byte[] token = Arrays.copyOfRange(bytes, offset, offset + 8);
        return isZero(token) ? new byte[0] : token;
    }

    /** {@return the length of the IPv4 header of a packet, or 0 (RFC 791)} */
    public static int headerInIpv4(byte[] packet) {
        if (packet.length < 20 || at(packet, 0) / 16 != 4) {
            return 0;
        }
        int length = at(packet, 0) % 16 * 4;
        return length < 20 || length > packet.length ? 0 : length;
    }

    private static int icmpInIpv4(byte[] packet) {
        int header = headerInIpv4(packet);
        int fragment = header == 0 ? 0 : two(packet, 6) % 0x2000;
        // 0x0040 is the don't-fragment bit of a router that swaps the bytes of what it quotes.
        return header == 0 || at(packet, 9) != ICMP4 || (fragment != 0 && fragment != 0x0040) ? -1 : header;
    }

    /** {@return where ICMPv6 begins behind at most eight extension headers, or -1 (RFC 8200, 4)} */
    public static int icmpInIpv6(byte[] packet) {
        return packet.length < 40 || at(packet, 0) / 16 != 6 ? -1 : follow(packet, at(packet, 6), 40, 8);
    }

    private static int follow(byte[] packet, int header, int offset, int more) {
        if (header == ICMP6) {
            return offset <= packet.length ? offset : -1;
        }
        if (more == 0 || offset + 8 > packet.length) {
            return -1;
        }
        int next = at(packet, offset);
        return switch (header) {
            case 0, 43, 60 -> follow(packet, next, offset + 8 + 8 * at(packet, offset + 1), more - 1);
            case 44 -> two(packet, offset + 2) / 8 == 0 ? follow(packet, next, offset + 8, more - 1) : -1;
            default -> -1;
        };
    }

    /** {@return the Internet checksum of bytes, two by two (RFC 1071)} */
    public static int checksum(byte[]... parts) {
        int sum = 0;
        for (byte[] part : parts) { // all but the last have an even length
            for (int i = 0; i < part.length; i += 2) {
                sum += at(part, i) * 256 + (i + 1 < part.length ? at(part, i + 1) : 0);
                sum = sum % 0x10000 + sum / 0x10000;
            }
        }
        return 0xffff - sum;
    }

    /** {@return an unsigned byte} */
    public static int at(byte[] bytes, int offset) {
        return bytes[offset] & 0xff;
    }

    /** {@return two bytes in network order} */
    public static int two(byte[] bytes, int offset) {
        return at(bytes, offset) * 256 + at(bytes, offset + 1);
    }

    /** {@return four bytes in network order} */
    public static long four(byte[] bytes, int offset) {
        return two(bytes, offset) * 65_536L + two(bytes, offset + 2);
    }

    /** {@return the bytes from an offset on} */
    public static byte[] from(byte[] bytes, int offset) {
        return Arrays.copyOfRange(bytes, offset, bytes.length);
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }
}
