// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.SlotTable;

/** What this host's kernel said in an error queue about a packet that is too large for its path. */
final class LocalMtu {
    private int mtu;
    private long high;
    private long low;

    void set(int newMtu, long destinationHigh, long destinationLow) {
        mtu = newMtu;
        high = destinationHigh;
        low = destinationLow;
    }

    void clear() {
        mtu = 0;
    }

    /** {@return the MTU; 0 if the kernel named none} */
    int mtu() {
        return mtu;
    }

    /** {@return whether it is about the packet in a slot} */
    boolean concerns(SlotTable slots, int slot) {
        return mtu > 0 && slots.isDestination(slot, high, low);
    }
}
