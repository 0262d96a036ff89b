// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.testkit.wire.PacketBuilder;
import java.util.Arrays;

/** Echo replies, correct and almost correct. */
final class Replies {
    /** How long after the wrong answer the correct one comes, in ms. */
    static final long RIGHT_ONE_MILLIS = 20;

    private static final int LARGEST_DATA = 65_500;
    private static final int OTHER = 0x8000;

    private Replies() {}

    /** {@return the reply that a host sends, not yet built} */
    static PacketBuilder reply(ReceivedEcho echo) {
        return new PacketBuilder(echo.version(), echo.destination(), echo.source())
                .type(echo.version().echoReplyType())
                .echo(echo.identifier(), echo.sequence())
                .body(echo.data());
    }

    static void atOnce(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo));
    }

    static void duplicated(ReceivedEcho echo, Outbox out) {
        for (int copy = 0; copy <= echo.d(); copy++) {
            out.now(reply(echo));
        }
    }

    static void reordered(ReceivedEcho echo, Outbox out) {
        out.after(out.count(echo) % 2 == 0 ? 0 : 2 * RIGHT_ONE_MILLIS, reply(echo));
    }

    static void lostByPattern(ReceivedEcho echo, Outbox out) {
        int bit = (out.count(echo) - 1) % Byte.SIZE;
        if (((echo.d() >> bit) & 1) == 0) {
            out.now(reply(echo));
        }
    }

    static void firstLost(ReceivedEcho echo, Outbox out) {
        if (out.count(echo) > echo.d()) {
            out.now(reply(echo));
        }
    }

    static void altered(ReceivedEcho echo, Outbox out) {
        byte[] data = echo.data();
        if (data.length > 0) {
            data[echo.d() % data.length] ^= 1;
        }
        out.now(reply(echo).body(data));
    }

    static void shortened(ReceivedEcho echo, Outbox out) {
        byte[] data = echo.data();
        out.now(reply(echo).body(Arrays.copyOf(data, Math.min(data.length, echo.d()))));
    }

    static void lengthened(ReceivedEcho echo, Outbox out) {
        byte[] data = echo.data();
        out.now(reply(echo).body(Arrays.copyOf(data, Math.min(data.length + echo.d(), LARGEST_DATA))));
    }

    static void otherIdentifierFirst(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).echo(otherIdentifier(echo), echo.sequence()));
        out.after(RIGHT_ONE_MILLIS, reply(echo));
    }

    static void otherSequenceFirst(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).echo(echo.identifier(), otherSequence(echo)));
        out.after(RIGHT_ONE_MILLIS, reply(echo));
    }

    static void otherSource(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).source(other(echo, echo.d())));
    }

    static void otherSourceFirst(ReceivedEcho echo, Outbox out) {
        otherSource(echo, out);
        out.after(RIGHT_ONE_MILLIS, reply(echo));
    }

    static void badChecksum(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).badChecksum());
    }

    static void codeSet(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).code(echo.d()));
    }

    static void truncatedFirst(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).cutTo(echo.d()));
        out.after(RIGHT_ONE_MILLIS, reply(echo));
    }

    static void otherTypeFirst(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).type(echo.d()));
        out.after(RIGHT_ONE_MILLIS, reply(echo));
    }

    static void hopLimitSet(ReceivedEcho echo, Outbox out) {
        out.now(reply(echo).hopLimit(echo.d()));
    }

    /** Eight kinds of reply that must not be taken for the answer, each d times, and then the answer. */
    static void storm(ReceivedEcho echo, Outbox out) {
        byte[] nothing = new byte[echo.data().length];
        for (int round = 0; round < echo.d(); round++) {
            out.now(reply(echo).echo(otherIdentifier(echo), echo.sequence()));
            out.now(reply(echo).echo(echo.identifier(), otherSequence(echo)));
            out.now(reply(echo).echo(otherIdentifier(echo), otherSequence(echo)).body(nothing));
            out.now(reply(echo).source(other(echo, round)));
            out.now(reply(echo).badChecksum());
            out.now(reply(echo).code(1 + round % 255));
            out.now(reply(echo).cutTo(round % 8));
            out.now(reply(echo).type(echo.version().echoReplyType() ^ 0x40).body(nothing));
        }
        out.now(reply(echo));
    }

    /** Silent for a while from the first request on; then all answers come at once. */
    static void heldBack(ReceivedEcho echo, Outbox out, int gate, long millis) {
        out.at(out.gate(gate + (echo.ipv4() ? 0 : LabAddress.COUNT), millis), reply(echo));
    }

    /** {@return the address of another host, in the request's family} */
    static byte[] other(ReceivedEcho echo, int d) {
        return LabAddress.bytes(echo.version(), LabPlan.OTHERS.first() + d);
    }

    /** {@return an identifier that differs from the request's, however many neighbouring ones are in use} */
    static int otherIdentifier(ReceivedEcho echo) {
        return echo.identifier() ^ OTHER;
    }

    /** {@return a sequence number half the space away: not in use if fewer than 32,768 are in flight} */
    static int otherSequence(ReceivedEcho echo) {
        return echo.sequence() ^ OTHER;
    }
}
