// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way through the kernel: routes, sources, fragments, and what the lab writes down of it. */
@LabTest
class KernelTest {
    private static final int PACKET_TOO_LONG_FOR_ONE = 4_000;

    private final Lab lab;

    KernelTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void reset() {
        lab.reset();
    }

    @ParameterizedTest
    @EnumSource
    void aPingSocketIsAnsweredAndTheRequestIsOnRecord(IpVersion version) {
        byte[] destination = PacketSocket.address(version, LabPlan.AT_ONCE, 200);
        long before = System.nanoTime();
        try (PingSocket socket = new PingSocket(version, destination)) {
            socket.send(77, 56);
            byte[] reply = socket.receive();
            assertThat(reply).hasSize(64);
            assertThat(reply[0]).isEqualTo((byte) version.echoReplyType());
        }

        List<WireRecord> records = lab.wire().to(LabAddress.of(destination));
        assertThat(records).hasSize(1);
        WireRecord seen = records.get(0);
        assertThat(seen.source()).isEqualTo(version == IpVersion.V4 ? Lab.ipv4Source(1) : Lab.ipv6Source(1));
        assertThat(seen.hopLimit()).isEqualTo(64);
        assertThat(seen.trafficClass()).isZero();
        assertThat(seen.dontFragment()).isTrue();
        assertThat(seen.size()).isEqualTo(version.minimumHeaderLength() + 64);
        assertThat(seen.fragments()).isEqualTo(1);
        assertThat(seen.sequence()).isEqualTo(77);
        assertThat(seen.checksumValid()).isTrue();
        assertThat(seen.nanos()).isBetween(before, System.nanoTime());
    }

    @ParameterizedTest
    @EnumSource
    void aRequestInFragmentsIsAnsweredAsOne(IpVersion version) {
        byte[] destination = PacketSocket.address(version, LabPlan.AT_ONCE, 201);
        try (PingSocket socket = new PingSocket(version, destination)) {
            socket.send(1, PACKET_TOO_LONG_FOR_ONE);
            assertThat(socket.receive()).hasSize(8 + PACKET_TOO_LONG_FOR_ONE).endsWith('n');
            socket.send(2, 65_500);
            assertThat(socket.receive()).hasSize(8 + 65_500).endsWith('n');
        }

        List<WireRecord> records = lab.wire().to(LabAddress.of(destination));
        assertThat(records).extracting(WireRecord::fragments).containsExactly(3, version == IpVersion.V4 ? 45 : 46);
        assertThat(records).allMatch(WireRecord::checksumValid);
        assertThat(records.get(0).size()).isEqualTo(version.minimumHeaderLength() + 8 + PACKET_TOO_LONG_FOR_ONE);
    }

    @ParameterizedTest
    @EnumSource
    void aPacketTooBigForANarrowLinkIsThenFragmented(IpVersion version) {
        int d = version == IpVersion.V4 ? 130 : 131;
        try (PingSocket socket = new PingSocket(version, PacketSocket.address(version, LabPlan.NARROW, d))) {
            // The kernel believes the router, remembers the MTU of the path, and fragments what comes next.
            socket.send(1, 1_400);
            WireRecord refused = awaitRequests(1).get(0);
            // The lab has seen the request; when the kernel has seen the refusal, only the next answer tells.
            int sequence = 1;
            do {
                sequence++;
                assertThat(sequence).as("requests until one is answered").isLessThan(100);
                socket.send(sequence, 1_400);
            } while (!socket.isAnsweredSoon());
            assertThat(socket.receive()).hasSize(8 + 1_400);

            assertThat(refused.fragments()).isEqualTo(1);
            List<WireRecord> records = lab.wire().all();
            assertThat(records.get(records.size() - 1).fragments()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everySourceAddressAnswers(int n) throws SocketException {
        assertThat(NetworkInterface.getByInetAddress(Lab.ipv4Source(n)).getName())
                .isEqualTo(Lab.INTERFACE);
        assertThat(NetworkInterface.getByInetAddress(Lab.ipv6Source(n)).getName())
                .isEqualTo(Lab.INTERFACE);
    }

    @ParameterizedTest
    @EnumSource
    void sixtyThousandAnswersMayWaitAtOnce(IpVersion version) throws SocketException {
        long refused = lab.refusedAnswers();
        long received = lab.wire().total();
        try (PacketSocket socket = PacketSocket.open()) {
            for (int host = 0; host < 60_000; host++) {
                byte[] destination = PacketSocket.address(version, LabPlan.LATE, 10 + host % 2);
                socket.send(PacketSocket.request(version, destination, 56).build());
            }
            awaitTotal(received + 60_000);
        }

        assertThat(lab.refusedAnswers()).isEqualTo(refused);
    }

    @ParameterizedTest
    @EnumSource
    void onlyPacketsOfOtherProtocolsAreCounted(IpVersion version) throws IOException {
        byte[] destination = PacketSocket.address(version, LabPlan.AT_ONCE, 202);
        try (PingSocket ping = new PingSocket(version, destination);
                DatagramSocket udp = new DatagramSocket()) {
            ping.send(1, 56);
            assertThat(ping.receive()).hasSize(64);
            assertThat(lab.wire().ofOtherProtocols()).isZero();

            udp.send(new DatagramPacket(new byte[8], 8, LabAddress.of(destination), 7));
            ping.send(2, 56); // read behind the datagram, by the same thread
            assertThat(ping.receive()).hasSize(64);
        }

        assertThat(lab.wire().ofOtherProtocols()).isEqualTo(1);
        assertThat(lab.wire().all()).hasSize(2);
    }

    private List<WireRecord> awaitRequests(int count) {
        awaitTotal(count + lab.wire().total() - lab.wire().all().size());
        return lab.wire().all();
    }

    private void awaitTotal(long total) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (lab.wire().total() < total) {
            assertThat(System.nanoTime())
                    .as("%d of %d requests", lab.wire().total(), total)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
