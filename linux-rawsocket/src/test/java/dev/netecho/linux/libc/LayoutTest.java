// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes that the writers leave, and that the readers find what the kernel would write. */
final class LayoutTest {
    private static final int AT = 8;

    private final ByteBuffer buffer = dirty(160);

    @Test
    void writesASocketAddress() {
        SockaddrIn.put(buffer, AT, 0x7f010203, 0xabcd);

        assertThat(hex(AT, SockaddrIn.SIZE)).isEqualTo("0200abcd7f0102030000000000000000");
        assertThat(Sockaddr.family(buffer, AT)).isEqualTo(Socket.AF_INET);
        assertThat(SockaddrIn.address(buffer, AT)).isEqualTo(0x7f010203);
        assertThat(SockaddrIn.port(buffer, AT)).isEqualTo(0xabcd);
    }

    @Test
    void writesAnIpv6SocketAddress() {
        SockaddrIn6.put(buffer, AT, 0xfe80_0000_0000_0102L, 0x8304_0506_0708_090aL, 5, 0xffff);

        assertThat(hex(AT, SockaddrIn6.SIZE))
                .isEqualTo("0a00ffff00000000fe8000000000010283040506 0708090a05000000".replace(" ", ""));
        assertThat(Sockaddr.family(buffer, AT)).isEqualTo(Socket.AF_INET6);
        assertThat(SockaddrIn6.addressHigh(buffer, AT)).isEqualTo(0xfe80_0000_0000_0102L);
        assertThat(SockaddrIn6.addressLow(buffer, AT)).isEqualTo(0x8304_0506_0708_090aL);
        assertThat(SockaddrIn6.scopeId(buffer, AT)).isEqualTo(5);
        assertThat(SockaddrIn6.port(buffer, AT)).isEqualTo(0xffff);
    }

    @Test
    void writesAMessageHeader() {
        Mmsghdr.init(buffer, AT, 0x11, 28, 0x22, 1, 0x33, 64);

        assertThat(hex(AT, Mmsghdr.SIZE))
                .isEqualTo("1100000000000000" + "1c00000000000000" + "2200000000000000" + "0100000000000000"
                        + "3300000000000000" + "4000000000000000" + "0000000000000000" + "0000000000000000");

        Msghdr.setNamelen(buffer, AT, 16);
        Msghdr.setControllen(buffer, AT, 256);
        Msghdr.setFlags(buffer, AT, Socket.MSG_TRUNC);
        Mmsghdr.setMsgLen(buffer, AT, 84);
        assertThat(Msghdr.namelen(buffer, AT)).isEqualTo(16);
        assertThat(Msghdr.controllen(buffer, AT)).isEqualTo(256);
        assertThat(Msghdr.flags(buffer, AT)).isEqualTo(Socket.MSG_TRUNC);
        assertThat(Mmsghdr.msgLen(buffer, AT)).isEqualTo(84);
    }

    @Test
    void writesAnIovec() {
        Iovec.put(buffer, AT, 0x1122334455667788L, 84);
        assertThat(hex(AT, Iovec.SIZE)).isEqualTo("8877665544332211" + "5400000000000000");
        Iovec.setLength(buffer, AT, 3);
        assertThat(Iovec.base(buffer, AT)).isEqualTo(0x1122334455667788L);
        assertThat(Iovec.length(buffer, AT)).isEqualTo(3);
    }

    @Test
    void readsATimespec() {
        buffer.putLong(AT, 1_800_000_000L);
        buffer.putLong(AT + 8, 999_999_999L);

        assertThat(Timespec.nanos(buffer, AT)).isEqualTo(1_800_000_000_999_999_999L);
    }

    @Test
    void keepsAnEpollEventWholeBesideItsNeighbour() {
        EpollEvent.put(buffer, AT, Epoll.EPOLLIN, -2);
        EpollEvent.put(buffer, AT + EpollEvent.SIZE, Epoll.EPOLLERR | Epoll.EPOLLET, 0x1122334455667788L);

        assertThat(EpollEvent.events(buffer, AT)).isEqualTo(Epoll.EPOLLIN);
        assertThat(EpollEvent.data(buffer, AT)).isEqualTo(-2);
        assertThat(EpollEvent.events(buffer, AT + EpollEvent.SIZE)).isEqualTo(0x80000008);
        assertThat(EpollEvent.data(buffer, AT + EpollEvent.SIZE)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void readsAnErrorEntryWithItsOffender() {
        put("71000000" + "020b0100" + "dc050000" + "fffffffe" + "02000000" + "7f000009" + "0000000000000000");

        assertThat(SockExtendedErr.errno(buffer, AT)).isEqualTo(Errno.EHOSTUNREACH);
        assertThat(SockExtendedErr.origin(buffer, AT)).isEqualTo(SockExtendedErr.SO_EE_ORIGIN_ICMP);
        assertThat(SockExtendedErr.type(buffer, AT)).isEqualTo(11);
        assertThat(SockExtendedErr.code(buffer, AT)).isEqualTo(1);
        assertThat(SockExtendedErr.info(buffer, AT)).isEqualTo(1500);
        assertThat(SockExtendedErr.data(buffer, AT)).isEqualTo(0xfeffffff);
        assertThat(SockExtendedErr.offenderFamily(buffer, AT, 32)).isEqualTo(Socket.AF_INET);
        assertThat(SockaddrIn.address(buffer, SockExtendedErr.offenderOffset(AT)))
                .isEqualTo(0x7f000009);
    }

    @Test
    void readsNoOffenderThatWasCutOff() {
        SockaddrIn.put(buffer, SockExtendedErr.offenderOffset(AT), 0x7f000009, 0);
        for (int length = -1; length < 32; length++) {
            assertThat(SockExtendedErr.offenderFamily(buffer, AT, length))
                    .as("%d", length)
                    .isZero();
        }
        SockaddrIn6.put(buffer, SockExtendedErr.offenderOffset(AT), 0, 1, 0, 0);
        assertThat(SockExtendedErr.offenderFamily(buffer, AT, 43)).isEqualTo(Socket.AF_UNSPEC);
        assertThat(SockExtendedErr.offenderFamily(buffer, AT, 44)).isEqualTo(Socket.AF_INET6);
        buffer.putShort(SockExtendedErr.offenderOffset(AT), (short) 77);
        assertThat(SockExtendedErr.offenderFamily(buffer, AT, 152)).isEqualTo(Socket.AF_UNSPEC);
        assertThat(SockExtendedErr.fits(15)).isFalse();
        assertThat(SockExtendedErr.fits(16)).isTrue();
    }

    @Test
    void readsMeminfo() {
        for (int i = 0; i < 9; i++) {
            buffer.putInt(AT + 4 * i, 100 + i);
        }

        assertThat(Meminfo.rmemAlloc(buffer, AT)).isEqualTo(100);
        assertThat(Meminfo.rcvbuf(buffer, AT)).isEqualTo(101);
        assertThat(Meminfo.wmemAlloc(buffer, AT)).isEqualTo(102);
        assertThat(Meminfo.sndbuf(buffer, AT)).isEqualTo(103);
        assertThat(Meminfo.drops(buffer, AT)).isEqualTo(108);
    }

    @Test
    void writesTheTypeFilters() {
        IcmpTypeFilter.putIcmpFilter(buffer, AT);
        assertThat(buffer.getInt(AT)).isEqualTo(~(1 | 1 << 3 | 1 << 11 | 1 << 12));

        IcmpTypeFilter.putIcmp6Filter(buffer, AT);
        for (int type = 0; type < 256; type++) {
            boolean dropped = (buffer.getInt(AT + type / 32 * 4) >>> type % 32 & 1) == 1;
            assertThat(dropped).as("type %d", type).isEqualTo(!(type < 128 || type == 129));
        }
    }

    @Test
    void laysABpfProgramOut() {
        try (NativeMemory memory = SockFprog.allocate(List.of(
                new SockFilter(SockFilter.JEQ_K, 1, 255, 0xabcd), SockFilter.statement(SockFilter.RET_K, -1)))) {
            ByteBuffer program = memory.buffer();

            assertThat(program.getShort(0)).isEqualTo((short) 2);
            assertThat(program.getLong(8)).isEqualTo(memory.address() + 16);
            assertThat(program.getLong(16)).isEqualTo(0x0000abcd_ff_01_0015L);
            assertThat(program.getLong(24)).isEqualTo(0xffffffff_00_00_0006L);
        }
    }

    @Test
    void refusesWhatABpfInstructionOrProgramCannotHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SockFilter(SockFilter.JEQ_K, 256, 0, 0))
                .withMessageContaining("jt=256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SockFprog.allocate(List.of()))
                .withMessageContaining("0 instructions");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SockFprog.allocate(Collections.nCopies(4097, SockFilter.statement(SockFilter.RET_K, 0))))
                .withMessageContaining("4097 instructions");
    }

    private static ByteBuffer dirty(int size) {
        ByteBuffer result = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < size; i++) {
            result.put(i, (byte) 0xee);
        }
        return result;
    }

    private void put(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        buffer.put(AT, bytes);
    }

    private String hex(int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
