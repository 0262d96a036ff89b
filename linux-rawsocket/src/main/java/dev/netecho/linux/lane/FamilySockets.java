// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first sockets of an engine: one of each family that the system allows. */
final class FamilySockets {
    private static final Logger LOG = LoggerFactory.getLogger(FamilySockets.class);

    private FamilySockets() {}

    /**
     * {@return at least one socket, open}
     *
     * @throws SystemCallException if neither family can be used: the reason of IPv4; or if descriptors or memory are short
     */
    static Map<LaneKey, IcmpSocket> open(String name, SocketKind kind, SocketSettings settings)
            throws SystemCallException {
        Map<LaneKey, IcmpSocket> sockets = new LinkedHashMap<>();
        try {
            SystemCallException failure = null;
            for (LaneKey key : List.of(LaneKey.V4, LaneKey.V6)) {
                try {
                    sockets.put(key, LaneSet.openSocket(kind, key, settings));
                } catch (SystemCallException e) {
                    if (isShortage(e.errno())) {
                        throw e; // one of the moment, which must not cost a family for the life of the requester
                    }
                    LOG.debug("{}: {} is not available", name, key.version(), e);
                    failure = failure == null ? e : failure;
                }
            }
            if (sockets.isEmpty() && failure != null) {
                throw failure;
            }
            return sockets;
        } catch (SystemCallException | RuntimeException | Error e) {
            sockets.values().forEach(IcmpSocket::close);
            throw e;
        }
    }

    /** SPEC PRO-4: whatever else refuses one family, the other may still be used. */
    private static boolean isShortage(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }
}
