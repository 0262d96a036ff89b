// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last echo requests that the lab received; thread-safe.
 *
 * <p>A request is here before its first answer leaves the lab, so a test that has the answer finds the request.
 */
public final class WireLog {
    /** How many requests are kept; older ones are dropped. */
    public static final int CAPACITY = 1 << 16;

    private final ArrayDeque<ReceivedEcho> echoes = new ArrayDeque<>();
    private long total;
    private long ofOtherProtocols;

    WireLog() {}

    synchronized void add(ReceivedEcho echo) {
        if (echoes.size() == CAPACITY) {
            echoes.removeFirst();
        }
        echoes.addLast(echo);
        total++;
    }

    /** Counts a packet that is not ICMP. */
    synchronized void addOther(byte[] packet) {
        if (ReceivedEcho.isOfAnotherProtocol(packet)) {
            ofOtherProtocols++;
        }
    }

    /** {@return how many packets that are not ICMP came to an address of the lab since the last {@link #clear}} */
    public synchronized long ofOtherProtocols() {
        return ofOtherProtocols;
    }

    /** {@return the requests that are kept, the oldest first} */
    public List<WireRecord> all() {
        List<ReceivedEcho> kept;
        synchronized (this) {
            kept = new ArrayList<>(echoes);
        }
        return kept.stream().map(WireRecord::of).toList();
    }

    /**
     * {@return the requests to one address that are kept, the oldest first}
     *
     * @param destination an address of the lab
     */
    public List<WireRecord> to(InetAddress destination) {
        byte[] wanted = destination.getAddress();
        List<ReceivedEcho> matching;
        synchronized (this) {
            matching = echoes.stream()
                    .filter(echo -> Arrays.equals(echo.destination(), wanted))
                    .toList();
        }
        return matching.stream().map(WireRecord::of).toList();
    }

    /** {@return how many requests were received since the lab started, including those dropped or cleared} */
    public synchronized long total() {
        return total;
    }

    /** Forgets the requests that are kept and {@link #ofOtherProtocols}, but not {@link #total}. */
    public synchronized void clear() {
        echoes.clear();
        ofOtherProtocols = 0;
    }
}
