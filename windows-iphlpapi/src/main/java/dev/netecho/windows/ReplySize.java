// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.IpVersion;
import dev.netecho.windows.win32.IcmpEchoReply;
import dev.netecho.windows.win32.Icmpv6EchoReply;
import dev.netecho.windows.win32.IoStatusBlock;
import dev.netecho.windows.win32.PointerWidth;

/** How large a reply buffer has to be. */
final class ReplySize {
    /** What icmpapi.h requires in addition to the data: "8 more bytes (the size of an ICMP error message)". */
    private static final int ICMP_ERROR = 8;

    /** What implementations need beyond the documentation (VirtualBox' NAT adds it for Windows XP). */
    private static final int SLACK = 16;

    /**
     * Room for a reply that is longer than the request: without it Wine ends the request with a general failure
     * (MAT-2).
     */
    private static final int LONGER_REPLY = 256;

    private static final int LEAST_BEHIND_REPLY = 40;

    private ReplySize() {}

    /**
     * {@return the bytes of a reply buffer, a multiple of 8}
     *
     * <p>Documented are the structure, the data, 8 bytes and an IO_STATUS_BLOCK; old versions write past the end of a
     * short buffer, and Wine silently cuts the data.
     */
    static int of(IpVersion version, PointerWidth width, int payloadSize, int ipOptionsSize) {
        int reply = structure(version, width);
        int options = (ipOptionsSize + 3) & -4;
        int size = reply + options + payloadSize + ICMP_ERROR + IoStatusBlock.size(width) + SLACK + LONGER_REPLY;
        return align(Math.max(size, reply + LEAST_BEHIND_REPLY));
    }

    static int structure(IpVersion version, PointerWidth width) {
        return version == IpVersion.V4 ? IcmpEchoReply.size(width) : Icmpv6EchoReply.SIZE;
    }

    /** {@return the next multiple of 8} */
    static int align(int size) {
        return (size + 7) & -8;
    }
}
