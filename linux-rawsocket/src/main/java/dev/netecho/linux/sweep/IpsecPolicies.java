// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.ProcNet;
import dev.netecho.linux.libc.Xfrm;
import dev.netecho.linux.socket.SystemCallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The IPsec policies of this host (ip-xfrm(8)). Frames go past them. */
public final class IpsecPolicies {
    /** All netlink sockets of the thread's network namespace, the kernel's too; the second column is the protocol. */
    private static final Path NETLINK_SOCKETS = Path.of(ProcNet.file("netlink"));

    /** PF_KEY (RFC 2367), the older way to set policies. */
    private static final Path KEY_SOCKETS = Path.of(ProcNet.file("pfkey"));

    private IpsecPolicies() {}

    /** {@return whether the kernel has loaded what policies are set with} Asking by socket(2) would load it. */
    static boolean mayExist() {
        if (Files.exists(KEY_SOCKETS)) {
            return true;
        }
        try {
            String protocol = Integer.toString(Xfrm.NETLINK_XFRM);
            return Files.readAllLines(NETLINK_SOCKETS, StandardCharsets.US_ASCII).stream()
                    .map(line -> line.trim().split("\\s+", -1))
                    .anyMatch(fields -> fields.length > 1 && fields[1].equals(protocol));
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Fails if there may be policies, and this process may not read them.
     *
     * @throws IOException if so; the message says why
     */
    public static void requireReadable() throws IOException {
        if (mayExist()) {
            read(0, (network, bits) -> false);
        }
    }

    /** Fails if a policy may encrypt or stop what goes from a source to a target; the message names it. */
    static void requireNone(TargetRanges ranges, int source) throws IOException {
        List<String> found = mayExist() ? read(source, ranges::meet) : List.of();
        if (!found.isEmpty()) {
            throw new OtherWayException("an IPsec policy (ip xfrm policy) is for " + found.get(0)
                    + ", and this way sends past it; leave that out, or sweep by the way requester");
        }
    }

    private interface Destinations {
        boolean meet(int network, int bits);
    }

    private static List<String> read(int source, Destinations destinations) throws IOException {
        try {
            return KernelTable.read(
                    Xfrm.NETLINK_XFRM, Xfrm.XFRM_MSG_GETPOLICY, Xfrm.XFRM_MSG_NEWPOLICY, 0, 0, (buffer, message) -> {
                        int network = Xfrm.destination(buffer, message);
                        int bits = Xfrm.destinationBits(buffer, message);
                        int mask = TargetRanges.mask(Xfrm.sourceBits(buffer, message));
                        boolean concerns = Xfrm.concernsIcmpOut(buffer, message)
                                && (source & mask) == (Xfrm.source(buffer, message) & mask)
                                && destinations.meet(network, bits);
                        return concerns ? TargetRanges.text(network, bits) : null;
                    });
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES) {
                throw new OtherWayException(
                        "this process may not read the IPsec policies of this host (ip xfrm policy), and this way sends"
                                + " past them");
            }
            throw e;
        }
    }
}
