// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.fuzz.Campaign;
import dev.netecho.fuzz.Mutator;
import dev.netecho.fuzz.PacketOracle;
import dev.netecho.fuzz.PacketOracle.Asked;
import dev.netecho.fuzz.PacketOracle.Verdict;
import dev.netecho.fuzz.Packets;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the simulated backend makes of any packet, against the oracle: for one request in flight each. */
final class SimulatedMatcherFuzzTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(3);

    /**
     * A requester remembers its numbers for a minute, also of its own clock: a new one now and then keeps that short.
     */
    private static final int ROUNDS_OF_A_REQUESTER = 5_000;

    private SplittableRandom random;
    private byte[] request;
    private byte[] answer;
    private byte[] message;

    private SimulatedNetwork network;
    private EchoRequester requester;
    private int rounds;
    private long strays;

    @Test
    void endsARequestAsTheOracleSays() {
        try {
            Campaign.run("simulated backend", 20, this::round);
        } finally {
            requester.close();
        }
    }

    private boolean round(SplittableRandom seeded) throws Exception {
        random = seeded;
        if (rounds++ % ROUNDS_OF_A_REQUESTER == 0) {
            if (requester != null) {
                requester.close();
            }
            strays = 0;
            network = new SimulatedNetwork((packet, largestFragment, nanos, answers) -> {
                request = packet;
                answers.at(nanos + ROUND_TRIP.toNanos(), answer(packet));
            });
            requester = network.newRequesterBuilder().open();
        }
        boolean ipv6 = random.nextBoolean();
        byte[] destination = Packets.random(ipv6 ? 16 : 4, random);
        destination[0] = (byte) (ipv6 ? 0x20 : 10);
        EchoPayload payload = switch (random.nextInt(4)) {
            case 0 -> EchoPayload.ofSize(random.nextInt(8));
            case 1 -> EchoPayload.of(Packets.random(random.nextInt(24), random));
            default -> EchoPayload.ofSize(8 + random.nextInt(60));
        };
        CompletableFuture<EchoOutcome> future =
                requester.sendAsync(EchoRequest.newBuilder(InetAddress.getByAddress(destination))
                        .payload(payload)
                        .timeout(Duration.ofSeconds(1))
                        .build());
        network.clock().advance(ROUND_TRIP);
        EchoOutcome outcome = future.isDone() ? future.join() : null;
        boolean far = check(ipv6, destination, payload, outcome);
        if (outcome == null) {
            network.clock().advance(Duration.ofSeconds(1));
            assertThat(future.join()).isInstanceOf(EchoOutcome.TimedOut.class);
        }
        return far;
    }

    /** A right answer to a request, changed. */
    private byte[] answer(byte[] packet) {
        boolean ipv6 = packet[0] >> 4 == 6;
        int header = ipv6 ? 40 : 20;
        byte[] own = Arrays.copyOfRange(packet, ipv6 ? 8 : 12, ipv6 ? 24 : 16);
        byte[] source = Arrays.copyOfRange(packet, ipv6 ? 24 : 16, header);
        byte[] echo = PacketOracle.from(packet, header);
        if (random.nextInt(3) == 0) {
            int type = ipv6 ? 1 + random.nextInt(4) : new int[] {3, 4, 5, 11, 12}[random.nextInt(5)];
            message = Packets.icmp(
                    type, random.nextInt(17), random.nextInt(3) * 1400, Packets.ip(ipv6, own, source, echo, random));
            source = random.nextBoolean() ? source : Packets.random(source.length, random);
        } else {
            message = echo;
            message[0] = (byte) (ipv6 ? 129 : 0);
        }
        message = Mutator.mutate(message, 3, random);
        if (random.nextInt(16) > 0) {
            Packets.correct(message, ipv6, source, own);
        }
        answer = Packets.ip(ipv6, source, own, message, null);
        if (random.nextInt(5) == 0) {
            answer = Mutator.mutate(answer, 2, random);
        }
        return answer.clone();
    }

    private boolean check(boolean ipv6, byte[] destination, EchoPayload payload, EchoOutcome outcome) throws Exception {
        int header = ipv6 ? 40 : 20;
        byte[] data = PacketOracle.from(request, header + 8);
        Asked asked = new Asked(
                PacketOracle.two(request, header + 4),
                PacketOracle.two(request, header + 6),
                destination,
                data,
                payload.carriesToken());
        byte[] own = Arrays.copyOfRange(request, ipv6 ? 8 : 12, ipv6 ? 24 : 16);
        byte[] packet = answer;
        int start = PacketOracle.headerInIpv4(packet);
        boolean six = start == 0 && packet.length >= 40 && PacketOracle.at(packet, 0) / 16 == 6;
        boolean whole = six
                ? PacketOracle.at(packet, 6) == 58 && PacketOracle.two(packet, 4) + 40 == packet.length
                : start > 0
                        && PacketOracle.at(packet, 9) == 1
                        && PacketOracle.two(packet, 2) == packet.length
                        && PacketOracle.two(packet, 6) % 0x4000 == 0;
        PacketOracle.Reply reply = null;
        PacketOracle.IcmpError error = null;
        byte[] source = {};
        boolean uncounted = false; // redirects and source quenches are, to whomever they are sent
        if (whole) {
            source = Arrays.copyOfRange(packet, six ? 8 : 12, six ? 24 : 16);
            byte[] to = Arrays.copyOfRange(packet, six ? 24 : 16, six ? 40 : 20);
            byte[] icmp = PacketOracle.from(packet, six ? 40 : start);
            boolean valid = icmp.length > 0 && Packets.checksum(icmp, six, source, to) == 0;
            PacketOracle.IcmpError any = valid ? PacketOracle.error(icmp, six) : null;
            uncounted = any != null && PacketOracle.isNoFailure(six, any);
            if (valid && Arrays.equals(to, own)) {
                reply = PacketOracle.reply(icmp, six);
                error = PacketOracle.error(icmp, six);
            }
        }
        Verdict verdict = PacketOracle.verdict(asked, six, source, reply, error);
        String what = verdict + " was due for " + HexFormat.of().formatHex(packet);
        EchoStatistics now = requester.statistics();
        long all = now.duplicates().getAsLong()
                + now.late().getAsLong()
                + now.altered().getAsLong()
                + now.wrongSource().getAsLong()
                + now.unmatched().getAsLong();
        long counted = all - strays;
        strays = all;
        switch (verdict) {
            case NOTHING -> {
                assertThat(outcome).as(what).isNull();
                assertThat(counted).as("strays; %s", what).isBetween(uncounted ? 0L : 1L, 1L);
            }
            case INTACT, ALTERED -> {
                assertThat(outcome).as(what).isInstanceOf(EchoOutcome.Reply.class);
                EchoOutcome.Reply given = (EchoOutcome.Reply) outcome;
                assertThat(given.payloadIntact()).as(what).isEqualTo(verdict == Verdict.INTACT);
                assertThat(given.responder()).isEqualTo(InetAddress.getByAddress(destination));
                assertThat(given.roundTripTime()).isEqualTo(ROUND_TRIP);
                assertThat(given.hopLimit()).hasValue(PacketOracle.at(packet, six ? 7 : 8));
                assertThat(given.payload().equals(payload)).as(what).isEqualTo(verdict == Verdict.INTACT);
                assertThat(counted).as("strays; %s", what).isEqualTo(verdict == Verdict.INTACT ? 0 : 1);
            }
            case ERROR -> {
                assertThat(outcome).as(what).isInstanceOf(EchoOutcome.IcmpError.class);
                EchoOutcome.IcmpError given = (EchoOutcome.IcmpError) outcome;
                String kind = PacketOracle.kind(six, error.type(), error.code());
                assertThat(given.kind().name()).as(what).isEqualTo(kind);
                assertThat(given.type()).hasValue(error.type());
                assertThat(given.code()).hasValue(error.code());
                assertThat(given.responder()).isEqualTo(InetAddress.getByAddress(source));
                boolean namesMtu = kind.equals("FRAGMENTATION_NEEDED") || kind.equals("PACKET_TOO_BIG");
                assertThat(given.nextHopMtu().orElse(0)).as(what).isEqualTo(namesMtu ? (int) error.mtu() : 0);
                assertThat(counted).as("strays; %s", what).isZero();
            }
        }
        return reply != null || error != null;
    }
}
