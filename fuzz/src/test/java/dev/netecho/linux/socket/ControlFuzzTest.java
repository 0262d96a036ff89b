// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.fuzz.Campaign;
import dev.netecho.fuzz.Mutator;
import dev.netecho.fuzz.PacketOracle;
import dev.netecho.fuzz.Packets;
import dev.netecho.linux.Control;
import dev.netecho.linux.Control.Found;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.SockExtendedErr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is read of control data, whatever they are: against a reader that takes them apart message by message. */
final class ControlFuzzTest {
    private static final byte[] OFFENDER4 = {10, 1, 2, 3};
    private static final byte[] OFFENDER6 = {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

    @Test
    void controlMessages() {
        Campaign.run("control messages", 20, random -> {
            byte[] control = control(random);
            ByteBuffer buffer = buffer(control);
            int end = Cmsghdr.end(buffer, 0, control.length);
            List<Found> expected = Control.read(control);
            int cmsg = Cmsghdr.first(buffer, 0, end);
            for (Found each : expected) {
                assertThat(cmsg).as(() -> hex(control)).isNotNegative();
                assertThat(Cmsghdr.level(buffer, cmsg)).isEqualTo(each.level());
                assertThat(Cmsghdr.type(buffer, cmsg)).isEqualTo(each.type());
                assertThat(Cmsghdr.kind(buffer, cmsg)).isEqualTo(Cmsghdr.kind(each.level(), each.type()));
                assertThat(Cmsghdr.dataLength(buffer, cmsg))
                        .as(() -> hex(control))
                        .isEqualTo(each.data().length);
                assertThat(Cmsghdr.intOrByte(buffer, cmsg))
                        .as(() -> hex(control))
                        .isEqualTo(number(each.data()));
                offender(buffer, Cmsghdr.dataOffset(cmsg), each.data());
                cmsg = Cmsghdr.next(buffer, end, cmsg);
            }
            assertThat(cmsg).as(() -> hex(control)).isEqualTo(-1);
            return expected.size() > 1;
        });
    }

    private static void offender(ByteBuffer buffer, int offset, byte[] data) {
        assertThat(SockExtendedErr.fits(data.length)).isEqualTo(data.length >= 16);
        int family = data.length < 18 ? 0 : in(data).getShort(16);
        boolean whole = (family == 2 && data.length >= 32) || (family == 10 && data.length >= 44);
        assertThat(SockExtendedErr.offenderFamily(buffer, offset, data.length))
                .as(() -> hex(data))
                .isEqualTo(whole ? family : 0);
    }

    @Test
    void packetsAndTheirControlData() {
        try (ReceiveBatch batch = new ReceiveBatch(SocketKind.DATAGRAM)) {
            Campaign.run("receive batch", 20, random -> {
                byte[] control = control(random);
                Kernel.fill(batch, address(OFFENDER4), new byte[8], control, false);
                int kept = Math.min(control.length, 128);
                if (random.nextInt(32) == 0) {
                    // Longer than the room, or negative: nothing beyond it may be read.
                    byte[] full = Arrays.copyOf(control, 128);
                    Kernel.fill(batch, address(OFFENDER4), new byte[8], full, false);
                    Kernel.lie(batch, random.nextBoolean() ? random.nextLong() >>> 1 : 4096, 1 << 30);
                    assertThat(batch.length()).isLessThanOrEqualTo(256);
                    return select(batch, full);
                }
                return select(batch, Arrays.copyOf(control, kept));
            });
        }
    }

    private static boolean select(ReceiveBatch batch, byte[] control) {
        batch.select(0);
        long stamp = 0;
        int hopLimit = -1;
        List<Found> all = Control.read(control);
        for (Found each : all) {
            if (each.level() == 1 && each.type() == 35 && each.data().length >= 16) {
                stamp = in(each.data()).getLong(0) * 1_000_000_000L
                        + in(each.data()).getLong(8);
            } else if ((each.level() == 0 && each.type() == 2) || (each.level() == 41 && each.type() == 52)) {
                hopLimit = number(each.data());
            }
        }
        assertThat(batch.stamp()).as(() -> hex(control)).isEqualTo(stamp);
        assertThat(batch.hopLimit()).as(() -> hex(control)).isEqualTo(hopLimit);
        batch.release(1);
        return !all.isEmpty();
    }

    @Test
    void entriesOfTheErrorQueue() {
        try (ErrorQueue queue = new ErrorQueue()) {
            Campaign.run("error queue", 20, random -> {
                byte[] control = Arrays.copyOf(control(random), random.nextInt(8) == 0 ? random.nextInt(256) : 200);
                int data = random.nextInt(2_000);
                Kernel.fill(queue, address(OFFENDER6), new byte[data], control, data > 1_280);
                boolean found = queue.select(0);
                byte[] entry = null;
                for (Found each : Control.read(control)) {
                    boolean error =
                            (each.level() == 0 && each.type() == 11) || (each.level() == 41 && each.type() == 25);
                    entry = error && each.data().length >= 16 ? each.data() : entry;
                }
                assertThat(found).as(() -> hex(control)).isEqualTo(entry != null);
                assertThat(queue.quoteLength()).isEqualTo(Math.min(data, 1_280));
                assertThat(queue.isTruncated()).isEqualTo(data > 1_280);
                if (entry != null) {
                    assertThat(queue.type()).isEqualTo(PacketOracle.at(entry, 5));
                    assertThat(queue.code()).isEqualTo(PacketOracle.at(entry, 6));
                    assertThat(queue.info()).isEqualTo(in(entry).getInt(8));
                    assertThat(queue.extensionOffset()).isEqualTo(in(entry).getShort(12) & 0xffff);
                    int origin = PacketOracle.at(entry, 4);
                    assertThat(queue.isLocal()).isEqualTo(origin == 1);
                    assertThat(queue.isIcmp()).isEqualTo(origin == 2 || origin == 3);
                    assertThat(queue.isDeparture()).isEqualTo(origin == 4);
                    assertThat(text(queue.offender())).as(() -> hex(control)).isEqualTo(offenderOf(entry));
                }
                queue.release(1);
                return entry != null;
            });
        }
    }

    private static String text(SocketAddress address) {
        return address == null
                ? "nobody"
                : HexFormat.of().formatHex(address.toInetAddress().getAddress());
    }

    private static String offenderOf(byte[] entry) throws UnknownHostException {
        int family = entry.length < 18 ? 0 : in(entry).getShort(16);
        if (family == 2 && entry.length >= 32) {
            return HexFormat.of().formatHex(Arrays.copyOfRange(entry, 20, 24));
        }
        if (family == 10 && entry.length >= 44) {
            // java.net makes an IPv4 address of a mapped one
            return HexFormat.of()
                    .formatHex(InetAddress.getByAddress(Arrays.copyOfRange(entry, 24, 40))
                            .getAddress());
        }
        return "nobody";
    }

    /** Two to four messages of those that the kernel sends, changed. */
    private static byte[] control(SplittableRandom random) {
        byte[] control = {};
        for (int i = random.nextInt(3) + 2; i > 0; i--) {
            control = Packets.join(
                    control,
                    switch (random.nextInt(5)) {
                        case 0 -> Control.stamp(1_700_000_000, random.nextInt(1_000_000_000));
                        case 1 -> Control.hopLimit(random.nextBoolean(), random.nextInt(256));
                        case 2 -> Control.error(false, 2, 3, 1, 1400, OFFENDER4);
                        case 3 -> Control.error(true, 3, 1, 3, 0, OFFENDER6);
                        default -> Control.message(1, 40, Packets.random(random.nextInt(12), random));
                    });
        }
        return Mutator.mutate(control, 3, random);
    }

    private static int number(byte[] data) {
        return data.length >= 4 ? in(data).getInt(0) : data.length > 0 ? data[0] & 0xff : -1;
    }

    private static ByteBuffer in(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length)
                .order(ByteOrder.nativeOrder())
                .put(0, bytes);
    }

    private static SocketAddress address(byte[] bytes) throws UnknownHostException {
        return new SocketAddress(
                bytes.length == 4 ? IpVersion.V4 : IpVersion.V6,
                SocketAddress.of(InetAddress.getByAddress(bytes)).high(),
                SocketAddress.of(InetAddress.getByAddress(bytes)).low(),
                0);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
