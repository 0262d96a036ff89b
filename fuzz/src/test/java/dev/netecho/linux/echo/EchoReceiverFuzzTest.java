// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.fuzz.Campaign;
import dev.netecho.fuzz.Mutator;
import dev.netecho.fuzz.PacketOracle;
import dev.netecho.fuzz.PacketOracle.Asked;
import dev.netecho.fuzz.PacketOracle.Verdict;
import dev.netecho.fuzz.Packets;
import dev.netecho.linux.Control;
import dev.netecho.linux.host.HostDiscards;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.Kernel;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.EchoTokens;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the receiver makes of any packet and any entry of the error queue, against the oracle: for one request in flight
 * each.
 */
final class EchoReceiverFuzzTest {
    /** A socket remembers its slots: new ones now and then keeps that small. */
    private static final int ROUNDS_OF_A_SOCKET = 10_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final StrayCounts counters = new StrayCounts();
    private final Outcomes outcomes = new Outcomes(new LoopState("test"));

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"DATAGRAM, V4", "DATAGRAM, V6", "RAW, V4", "RAW, V6"})
    void endsARequestAsTheOracleSays(SocketKind kind, IpVersion version) throws Exception {
        // The tests of the backend fail in CI where there is no namespace: so this need not.
        Assumptions.assumeFalse(
                "none".equals(System.getProperty("netecho.test.namespace", "none")),
                "needs a private network namespace for its socket: see .ci/namespace/bin/java");
        outcomes.add(counters);
        outcomes.lock.lock();
        try (EchoReceiver receiver = new EchoReceiver(outcomes, kind)) {
            IcmpSocket socket = open(kind, version);
            try {
                Fuzzed fuzzed = new Fuzzed(socket, receiver, outcomes, counters);
                Campaign.run("receiver " + kind + " " + version, 20, fuzzed::round);
            } finally {
                socket.close();
            }
        }
    }

    private static IcmpSocket open(SocketKind kind, IpVersion version) throws SystemCallException {
        return kind == SocketKind.DATAGRAM
                ? IcmpSocket.openDatagram(version, false, null, SocketSettings.DEFAULT)
                : IcmpSocket.openRaw(version, 0x1230, null, SocketSettings.DEFAULT);
    }

    /** A socket and what is read from it. */
    private static final class Fuzzed {
        private final IcmpSocket socket;
        private final EchoReceiver receiver;
        private final Outcomes outcomes;
        private final EchoTokens tokens = new EchoTokens(1, 2);
        private final StrayCounts counters;
        private final boolean ipv6;
        private final boolean raw;
        private EchoSocket echoSocket;
        private InFlight inFlight;
        private int rounds;
        private long strays;
        private long altered;

        Fuzzed(IcmpSocket socket, EchoReceiver receiver, Outcomes outcomes, StrayCounts counters) {
            this.socket = socket;
            this.receiver = receiver;
            this.outcomes = outcomes;
            this.counters = counters;
            this.ipv6 = socket.version() == IpVersion.V6;
            this.raw = socket.kind() == SocketKind.RAW;
            renew();
        }

        private void renew() {
            long now = System.nanoTime();
            Weighing weighing = new Weighing(socket, new ReceiveCost());
            inFlight = new InFlight(raw ? IcmpSocket.RAW_IDENTIFIERS : 1, weighing.capacity(), now);
            echoSocket = new EchoSocket(
                    socket,
                    1,
                    inFlight,
                    weighing,
                    new LocalDrops(socket, new HostDiscards(socket.kind(), now), outcomes, now),
                    now);
        }

        boolean round(SplittableRandom random) throws Exception {
            if (++rounds % ROUNDS_OF_A_SOCKET == 0) {
                renew();
            }
            byte[] destination = Packets.random(ipv6 ? 16 : 4, random);
            destination[0] = (byte) (ipv6 ? 0x20 : 10);
            EchoPayload payload = switch (random.nextInt(4)) {
                case 0 -> EchoPayload.ofSize(random.nextInt(8));
                case 1 -> EchoPayload.of(Packets.random(random.nextInt(24), random));
                default -> EchoPayload.ofSize(8 + random.nextInt(60));
            };
            EchoRequest request = EchoRequest.newBuilder(InetAddress.getByAddress(destination))
                    .payload(payload)
                    .timeout(TIMEOUT)
                    .build();
            AtomicReference<EchoOutcome> outcome = new AtomicReference<>();
            PendingEcho echo = new LoneEcho(request) {
                @Override
                protected void onOutcome(EchoOutcome ended, boolean wasSent) {
                    super.onOutcome(ended, wasSent);
                    outcome.set(ended);
                }
            };
            long now = System.nanoTime();
            int slot = inFlight.take(echo, payload.carriesToken(), now);
            if (slot == SlotTable.NONE) {
                renew(); // every slot rests
                slot = inFlight.take(echo, payload.carriesToken(), now);
            }
            long token = payload.carriesToken() ? tokens.next() : 0;
            SocketAddress to = SocketAddress.of(request.destination());
            inFlight.slots().describe(slot, token, to.high(), to.low());
            inFlight.sent(slot, now - 1_000_000, 0, now);
            byte[] data = new byte[payload.size()];
            payload.copyInto(ByteBuffer.wrap(data), 0, token);
            int identifier = socket.identifier() + (slot >>> 16);
            Asked asked = new Asked(raw ? identifier : -1, slot & 0xffff, destination, data, payload.carriesToken());

            boolean far = (!raw && random.nextInt(3) == 0)
                    ? errorQueue(asked, identifier, outcome, random)
                    : packet(asked, identifier, outcome, random);
            if (outcome.get() == null) {
                inFlight.end(slot, SlotState.ENDED, now);
                echo.complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the round is over"));
            }
            return far;
        }

        private boolean packet(
                Asked asked, int identifier, AtomicReference<EchoOutcome> outcome, SplittableRandom random)
                throws Exception {
            byte[] own = new byte[ipv6 ? 16 : 4];
            byte[] source = asked.destination();
            byte[] message;
            if (raw && random.nextBoolean()) {
                byte[] quoted = Packets.echo(ipv6 ? 128 : 8, identifier, asked.sequence(), asked.data());
                byte[] quote = Packets.ip(ipv6, own, asked.destination(), quoted, random);
                int type = ipv6 ? 1 + random.nextInt(4) : new int[] {3, 4, 5, 11, 12}[random.nextInt(5)];
                message = Packets.icmp(type, random.nextInt(17), random.nextInt(3) * 1400, quote);
                source = random.nextBoolean() ? source : Packets.random(source.length, random);
            } else {
                message = Packets.echo(ipv6 ? 129 : 0, identifier, asked.sequence(), asked.data());
                source = random.nextInt(8) > 0 ? source : Mutator.mutate(source, 1, random);
                source = source.length == own.length ? source : asked.destination();
            }
            message = Mutator.mutate(message, 3, random);
            if (random.nextInt(16) > 0) {
                Packets.correct(message, ipv6, source, own);
            }
            byte[] packet = raw && !ipv6 ? Packets.ip(false, source, own, message, null) : message;
            if (raw && !ipv6 && random.nextInt(8) == 0) {
                packet[0] = (byte) random.nextInt(); // version and length of the header
            }
            boolean truncated = random.nextInt(32) == 0;
            int hops = random.nextInt(300) - 20;
            long stamp = random.nextInt(4) == 0 ? random.nextLong() >>> 20 : 0;
            byte[] control = Mutator.mutate(
                    Packets.join(Control.stamp(stamp, random.nextInt(1 << 30)), Control.hopLimit(ipv6, hops)),
                    1,
                    random);
            Kernel.fill(receiver.packets, address(source), packet, control, truncated);
            receiver.packets.select(0);
            receiver.answers.accept(echoSocket, receiver.packets, System.nanoTime());
            receiver.packets.release(1);

            if (packet.length > receiver.packets.length()) {
                packet = Arrays.copyOf(packet, receiver.packets.length());
            }
            int header = raw && !ipv6 ? PacketOracle.headerInIpv4(packet) : 0;
            boolean readable = !raw || ipv6 || header > 0;
            byte[] rest = PacketOracle.from(packet, header);
            // Of a packet that was cut off nobody can check the sum: it counts by what it names.
            readable &= !raw || ipv6 || truncated || (rest.length > 0 && PacketOracle.checksum(rest) == 0);
            PacketOracle.Reply reply = readable ? PacketOracle.reply(rest, ipv6) : null;
            PacketOracle.IcmpError error = readable && raw ? PacketOracle.error(rest, ipv6) : null;
            Verdict verdict = PacketOracle.verdict(asked, ipv6, source, reply, error);
            if (truncated && verdict == Verdict.INTACT) {
                verdict = asked.token() ? Verdict.ALTERED : Verdict.NOTHING;
            }
            int fewest = error != null && PacketOracle.isNoFailure(ipv6, error) ? 0 : 1;
            check(verdict, outcome.get(), asked, source, reply, error, fewest, packet);
            return reply != null || error != null;
        }

        private boolean errorQueue(
                Asked asked, int identifier, AtomicReference<EchoOutcome> outcome, SplittableRandom random)
                throws UnknownHostException {
            byte[] offender = Packets.random(asked.destination().length, random);
            offender[0] = (byte) (ipv6 ? 0x20 : 10);
            int type = ipv6 ? 1 + random.nextInt(4) : new int[] {3, 3, 11, 12, 4, 5}[random.nextInt(6)];
            int code = random.nextInt(18);
            int info = random.nextInt(3) * 1400;
            int origin = random.nextInt(8) > 0 ? (ipv6 ? 3 : 2) : random.nextInt(6);
            byte[] control = Control.error(ipv6, origin, type, code, info, offender);
            byte[] quote =
                    Mutator.mutate(Packets.echo(ipv6 ? 128 : 8, identifier, asked.sequence(), asked.data()), 2, random);
            byte[] to = random.nextInt(6) > 0 ? asked.destination() : Packets.random(offender.length, random);
            Kernel.fill(receiver.errors, address(to), quote, control, false);
            receiver.acceptErrors(echoSocket, 1);

            byte[] kept = Arrays.copyOf(quote, Math.min(quote.length, receiver.errors.quoteLength()));
            boolean request = kept.length >= 8 && PacketOracle.at(kept, 0) == (ipv6 ? 128 : 8);
            boolean icmp = origin == 2 || origin == 3;
            PacketOracle.IcmpError error = icmp && request
                    ? new PacketOracle.IcmpError(
                            type, code, info, -1, to, -1, PacketOracle.two(kept, 6), PacketOracle.token(kept, 8))
                    : null;
            Verdict verdict = PacketOracle.verdict(asked, ipv6, offender, null, error);
            int fewest = !icmp || (error != null && PacketOracle.isNoFailure(ipv6, error)) ? 0 : 1;
            check(verdict, outcome.get(), asked, offender, null, error, fewest, quote);
            return error != null;
        }

        /** The outcome to the letter; and that a packet which ended nothing was counted once (SPEC MAT-4). */
        private void check(
                Verdict verdict,
                EchoOutcome outcome,
                Asked asked,
                byte[] source,
                PacketOracle.Reply reply,
                PacketOracle.IcmpError error,
                int fewest,
                byte[] packet)
                throws UnknownHostException {
            long all = counters.all(Stray.DUPLICATE, Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE, Stray.UNMATCHED);
            long counted = all - strays;
            long alteredNow = counters.all(Stray.ALTERED) - altered;
            strays = all;
            altered += alteredNow;
            String what = verdict + " was due for " + HexFormat.of().formatHex(packet);
            switch (verdict) {
                case NOTHING -> {
                    assertThat(outcome).as(what).isNull();
                    assertThat(counted).as("strays; %s", what).isBetween((long) fewest, 1L);
                }
                case INTACT, ALTERED -> {
                    assertThat(outcome).as(what).isInstanceOf(EchoOutcome.Reply.class);
                    EchoOutcome.Reply given = (EchoOutcome.Reply) outcome;
                    boolean intact = verdict == Verdict.INTACT;
                    assertThat(given.payloadIntact()).as(what).isEqualTo(intact);
                    assertThat(given.responder()).isEqualTo(InetAddress.getByAddress(asked.destination()));
                    assertThat(given.roundTripTime()).as(what).isPositive().isLessThanOrEqualTo(TIMEOUT);
                    if (!intact) {
                        assertThat(given.payload().toByteArray()).as(what).isEqualTo(reply.data());
                    }
                    assertThat(alteredNow).as("altered; %s", what).isEqualTo(intact ? 0 : 1);
                    assertThat(counted).as("strays; %s", what).isEqualTo(intact ? 0 : 1);
                }
                case ERROR -> {
                    assertThat(outcome).as(what).isInstanceOf(EchoOutcome.IcmpError.class);
                    EchoOutcome.IcmpError given = (EchoOutcome.IcmpError) outcome;
                    String kind = PacketOracle.kind(ipv6, error.type(), error.code());
                    assertThat(given.kind().name()).as(what).isEqualTo(kind);
                    assertThat(given.type()).hasValue(error.type());
                    assertThat(given.code()).hasValue(error.code());
                    assertThat(given.responder()).isEqualTo(InetAddress.getByAddress(source));
                    boolean namesMtu = kind.equals("FRAGMENTATION_NEEDED") || kind.equals("PACKET_TOO_BIG");
                    assertThat(given.nextHopMtu().orElse(0)).as(what).isEqualTo(namesMtu ? (int) error.mtu() : 0);
                    assertThat(given.roundTripTime()).as(what).isPositive().isLessThanOrEqualTo(TIMEOUT);
                    assertThat(counted).as("strays; %s", what).isZero();
                }
            }
        }

        private SocketAddress address(byte[] bytes) throws UnknownHostException {
            return SocketAddress.of(InetAddress.getByAddress(bytes));
        }
    }
}
