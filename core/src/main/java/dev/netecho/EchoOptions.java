// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How an echo request travels: the fields of the IP header that a caller may choose. Modelled on
 * {@code IP_OPTION_INFORMATION} of Windows.
 *
 * <p>Immutable and thread-safe.
 */
public final class EchoOptions {
    /** Everything as the operating system does it; fragmentation allowed. */
    public static final EchoOptions DEFAULT = new EchoOptions(OptionalInt.empty(), OptionalInt.empty(), false);

    private final OptionalInt hopLimit;
    private final OptionalInt trafficClass;
    private final boolean dontFragment;

    private EchoOptions(OptionalInt hopLimit, OptionalInt trafficClass, boolean dontFragment) {
        this.hopLimit = hopLimit;
        this.trafficClass = trafficClass;
        this.dontFragment = dontFragment;
    }

    /** {@return the hop limit (IPv4: TTL), 1 to 255; empty for the system's default} */
    public OptionalInt hopLimit() {
        return hopLimit;
    }

    /** {@return the traffic class (IPv4: TOS), 0 to 255; empty for the system's default} */
    public OptionalInt trafficClass() {
        return trafficClass;
    }

    /**
     * {@return whether the packet must not be fragmented} With {@code true}, IPv4's DF bit is set and no host
     * fragments, whatever path MTU the system has learned. With {@code false}, the default, every size up to
     * {@link EchoPayload#MAX_SIZE} may travel in fragments.
     */
    public boolean dontFragment() {
        return dontFragment;
    }

    /**
     * {@return these options with another hop limit}
     *
     * @param hopLimit hop limit (IPv4: TTL), 1 to 255
     * @throws IllegalArgumentException if it is out of range
     */
    public EchoOptions withHopLimit(int hopLimit) {
        return new EchoOptions(OptionalInt.of(inRange("hop limit", hopLimit, 1)), trafficClass, dontFragment);
    }

    /**
     * {@return these options with another traffic class}
     *
     * @param trafficClass the whole octet (DSCP and ECN), 0 to 255
     * @throws IllegalArgumentException if it is out of range
     */
    public EchoOptions withTrafficClass(int trafficClass) {
        return new EchoOptions(hopLimit, OptionalInt.of(inRange("traffic class", trafficClass, 0)), dontFragment);
    }

    /**
     * {@return these options with fragmentation forbidden or allowed}
     *
     * @param dontFragment whether the packet must not be fragmented
     */
    public EchoOptions withDontFragment(boolean dontFragment) {
        return new EchoOptions(hopLimit, trafficClass, dontFragment);
    }

    private static int inRange(String what, int value, int least) {
        if (value < least || value > 255) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be " + least + " to 255");
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EchoOptions that
                && hopLimit.equals(that.hopLimit)
                && trafficClass.equals(that.trafficClass)
                && dontFragment == that.dontFragment;
    }

    @Override
    public int hashCode() {
        return Objects.hash(hopLimit, trafficClass, dontFragment);
    }

    @Override
    public String toString() {
        return "EchoOptions[hopLimit=" + text(hopLimit) + ", trafficClass=" + text(trafficClass) + ", dontFragment="
                + dontFragment + "]";
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "default";
    }
}
