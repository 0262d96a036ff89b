// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * netlink(7): messages one after another, each with a header of 16 bytes, a part of fixed size, and attributes.
 *
 * <pre>
 *  0 nlmsg_len    u32           0 nla_len   u16, with these four bytes
 *  4 nlmsg_type   u16           2 nla_type  u16
 *  6 nlmsg_flags  u16           4 the data; the next attribute begins at a multiple of four
 *  8 nlmsg_seq    u32
 * 12 nlmsg_pid    u32
 * </pre>
 */
public final class NetlinkMessage {
    public static final int HEADER = 16;

    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int ATTRIBUTE_TYPE = 2;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ALIGNMENT = 4;

    /** The two upper bits say how the data is written. */
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;

    private static final short NLM_F_REQUEST = 1;
    private static final short NLM_F_DUMP_INTR = 0x10;
    private static final short NLM_F_DUMP = 0x300;
    private static final short NLMSG_ERROR = 2;
    private static final short NLMSG_DONE = 3;

    private NetlinkMessage() {}

    /**
     * Writes a question for a whole table at the start of a zeroed buffer.
     *
     * @param fixed the size of its fixed part, whose first byte is the family; 0 if it has none
     * @return its size
     */
    public static int putDump(ByteBuffer buffer, int type, int family, int fixed) {
        buffer.putInt(0, HEADER + fixed);
        buffer.putShort(TYPE, (short) type);
        buffer.putShort(FLAGS, (short) (NLM_F_REQUEST | NLM_F_DUMP));
        if (fixed > 0) {
            buffer.put(HEADER, (byte) family);
        }
        return HEADER + fixed;
    }

    public static int type(ByteBuffer buffer, int message) {
        return Short.toUnsignedInt(buffer.getShort(message + TYPE));
    }

    /** {@return whether the table changed while it was read, so that something may be missing} */
    public static boolean isInconsistent(ByteBuffer buffer, int message) {
        return (buffer.getShort(message + FLAGS) & NLM_F_DUMP_INTR) != 0;
    }

    /** {@return whether it ends an answer} */
    public static boolean isEnd(ByteBuffer buffer, int message) {
        short type = buffer.getShort(message + TYPE);
        return type == NLMSG_DONE || type == NLMSG_ERROR;
    }

    /** {@return the error number in a message that ends an answer; 0 if it has none, or in any other message} */
    public static int error(ByteBuffer buffer, int message) {
        return isEnd(buffer, message) && buffer.getInt(message) >= HEADER + Integer.BYTES
                ? -buffer.getInt(message + HEADER)
                : 0;
    }

    /** {@return whether there is a whole message before an end} */
    public static boolean isWhole(ByteBuffer buffer, int message, int end) {
        return message + HEADER <= end && buffer.getInt(message) >= HEADER && buffer.getInt(message) <= end - message;
    }

    /** {@return where the next message begins} */
    public static int next(ByteBuffer buffer, int message) {
        return message + aligned(buffer.getInt(message));
    }

    /** {@return where the first attribute begins, after a fixed part of this size} */
    public static int firstAttribute(int message, int fixed) {
        return message + HEADER + aligned(fixed);
    }

    /** {@return whether there is an attribute of a message} */
    public static boolean hasAttribute(ByteBuffer buffer, int message, int attribute) {
        return attribute + ATTRIBUTE_HEADER <= message + buffer.getInt(message);
    }

    public static int nextAttribute(ByteBuffer buffer, int attribute) {
        return attribute + Math.max(ATTRIBUTE_HEADER, aligned(Short.toUnsignedInt(buffer.getShort(attribute))));
    }

    public static int attributeType(ByteBuffer buffer, int attribute) {
        return buffer.getShort(attribute + ATTRIBUTE_TYPE) & ATTRIBUTE_TYPE_MASK;
    }

    /**
     * {@return where the data of an attribute begins; 0 if the message has none of this type and at least this size}
     */
    public static int find(ByteBuffer buffer, int message, int fixed, int type, int size) {
        int at = firstAttribute(message, fixed);
        while (hasAttribute(buffer, message, at)) {
            if (attributeType(buffer, at) == type
                    && Short.toUnsignedInt(buffer.getShort(at)) >= ATTRIBUTE_HEADER + size
                    && at + ATTRIBUTE_HEADER + size <= message + buffer.getInt(message)) {
                return at + ATTRIBUTE_HEADER;
            }
            at = nextAttribute(buffer, at);
        }
        return 0;
    }

    private static int aligned(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
