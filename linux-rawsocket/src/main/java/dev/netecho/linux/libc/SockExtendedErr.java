// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct sock_extended_err} of ip(7) and the offender's address after it: one entry of the error queue.
 *
 * <pre>
 *  0 ee_errno   u32
 *  4 ee_origin  u8
 *  5 ee_type    u8, the ICMP type
 *  6 ee_code    u8, the ICMP code
 *  7 ee_pad     u8
 *  8 ee_info    u32, the MTU of an EMSGSIZE, the gateway of a redirect
 * 12 ee_data    u32, the key of a transmit timestamp; of an ICMP error since Linux 5.9 ee_rfc4884:
 *                u16 len, where in the data the extension begins; u8 flags; u8 reserved
 * 16 {@link SockaddrIn} or {@link SockaddrIn6} of the offender
 * </pre>
 */
public final class SockExtendedErr {
    /** The size in bytes, without the offender. */
    public static final int SIZE = 16;

    public static final int SO_EE_ORIGIN_NONE = 0;

    /** This host's own: a packet too big for the interface or the known path; no packet is quoted. */
    public static final int SO_EE_ORIGIN_LOCAL = 1;

    public static final int SO_EE_ORIGIN_ICMP = 2;
    public static final int SO_EE_ORIGIN_ICMP6 = 3;
    public static final int SO_EE_ORIGIN_TIMESTAMPING = 4;

    static final int ERRNO = 0;
    static final int ORIGIN = 4;
    static final int TYPE = 5;
    static final int CODE = 6;
    static final int INFO = 8;
    static final int DATA = 12;

    private SockExtendedErr() {}

    /** {@return whether control data of this size holds the fixed part, {@code MSG_CTRUNC} or not} */
    public static boolean fits(int dataLength) {
        return dataLength >= SIZE;
    }

    /** {@return the error number, see {@link Errno}} */
    public static int errno(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + ERRNO);
    }

    /** {@return {@code SO_EE_ORIGIN_*}} */
    public static int origin(ByteBuffer buffer, int offset) {
        return buffer.get(offset + ORIGIN) & 0xff;
    }

    /** {@return the ICMP type, 0 to 255} */
    public static int type(ByteBuffer buffer, int offset) {
        return buffer.get(offset + TYPE) & 0xff;
    }

    /** {@return the ICMP code, 0 to 255} */
    public static int code(ByteBuffer buffer, int offset) {
        return buffer.get(offset + CODE) & 0xff;
    }

    /** {@return the unsigned field {@code ee_info}: of an EMSGSIZE the MTU} */
    public static int info(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + INFO);
    }

    /** {@return the unsigned field {@code ee_data}} */
    public static int data(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + DATA);
    }

    /** {@return {@code ee_rfc4884.len} of an ICMP error: where in its data the extension begins; 0 if it has none} */
    public static int rfc4884Len(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + DATA) & 0xffff;
    }

    /**
     * {@return the family of the offender's address, or AF_UNSPEC if it is unknown or was cut off}
     *
     * @param buffer holds the control data
     * @param offset where this structure begins
     * @param dataLength the size of the control data from there
     */
    public static int offenderFamily(ByteBuffer buffer, int offset, int dataLength) {
        if (dataLength < SIZE + Short.BYTES) {
            return Socket.AF_UNSPEC;
        }
        int family = Sockaddr.family(buffer, offset + SIZE);
        int size = switch (family) {
            case Socket.AF_INET -> SockaddrIn.SIZE;
            case Socket.AF_INET6 -> SockaddrIn6.SIZE;
            default -> Integer.MAX_VALUE - SIZE;
        };
        return dataLength >= SIZE + size ? family : Socket.AF_UNSPEC;
    }

    /** {@return where the offender's {@link SockaddrIn} or {@link SockaddrIn6} begins} */
    public static int offenderOffset(int offset) {
        return offset + SIZE;
    }
}
