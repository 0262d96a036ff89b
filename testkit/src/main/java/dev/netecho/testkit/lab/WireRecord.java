// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.EchoPayload;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An echo request as the lab received it.
 *
 * @param nanos when it was read from the wire, as {@link System#nanoTime} of the lab's process
 * @param source the sender's address
 * @param destination the lab's address
 * @param hopLimit hop limit (IPv6) or time to live (IPv4), 0 to 255
 * @param trafficClass traffic class or type of service, 0 to 255
 * @param dontFragment whether no router may fragment it: the flag of IPv4; always true for IPv6
 * @param size bytes of the IP packet, its header included, once reassembled
 * @param fragments how many packets it came in, 1 or more
 * @param identifier identifier of the echo, 0 to 65535
 * @param sequence sequence number of the echo, 0 to 65535
 * @param checksumValid whether the ICMP checksum is right
 * @param data the ICMP data, but only the first {@value dev.netecho.EchoPayload#MAX_SIZE} bytes; no request of this
 *     library has more
 */
public record WireRecord(
        long nanos,
        InetAddress source,
        InetAddress destination,
        int hopLimit,
        int trafficClass,
        boolean dontFragment,
        int size,
        int fragments,
        int identifier,
        int sequence,
        boolean checksumValid,
        EchoPayload data) {
    static WireRecord of(ReceivedEcho echo) {
        return new WireRecord(
                echo.nanos(),
                LabAddress.of(echo.source()),
                LabAddress.of(echo.destination()),
                echo.hopLimit(),
                echo.trafficClass(),
                echo.dontFragment(),
                echo.packet().length,
                echo.fragments(),
                echo.identifier(),
                echo.sequence(),
                echo.checksumValid(),
                data(echo.data()));
    }

    private static EchoPayload data(byte[] data) {
        return EchoPayload.copyOf(ByteBuffer.wrap(data), 0, Math.min(data.length, EchoPayload.MAX_SIZE));
    }
}
