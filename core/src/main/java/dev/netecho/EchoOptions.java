// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an echo request travels: the fields of the IP header that a caller may choose, modelled on
 * {@code IP_OPTION_INFORMATION} of Windows, and the interface and the mark by which the system routes it.
 *
 * <p>Immutable and thread-safe.
 */
public final class EchoOptions {
    /** Everything as the operating system does it; fragmentation allowed. */
    public static final EchoOptions DEFAULT =
            new EchoOptions(OptionalInt.empty(), OptionalInt.empty(), false, Optional.empty(), OptionalInt.empty());

    private static final int MOST = 255;
    private static final int LONGEST_INTERFACE = 255;

    private final OptionalInt hopLimit;
    private final OptionalInt trafficClass;
    private final boolean dontFragment;
    private final Optional<String> interfaceName;
    private final OptionalInt mark;

    private EchoOptions(
            OptionalInt hopLimit,
            OptionalInt trafficClass,
            boolean dontFragment,
            Optional<String> interfaceName,
            OptionalInt mark) {
        this.hopLimit = hopLimit;
        this.trafficClass = trafficClass;
        this.dontFragment = dontFragment;
        this.interfaceName = interfaceName;
        this.mark = mark;
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
     * {@return the network interface that the request leaves by and its answer arrives at, such as {@code "eth0"}, or a
     * VRF; empty for that of the requester, which is any unless its own options name one}
     */
    public Optional<String> interfaceName() {
        return interfaceName;
    }

    /**
     * {@return the mark of the packet, for policy routing; empty for that of the requester, which is none by default}
     */
    public OptionalInt mark() {
        return mark;
    }

    /**
     * {@return these options with another hop limit}
     *
     * @param hopLimit hop limit (IPv4: TTL), 1 to 255
     * @throws IllegalArgumentException if it is out of range
     */
    public EchoOptions withHopLimit(int hopLimit) {
        return new EchoOptions(
                OptionalInt.of(inRange("hop limit", hopLimit, 1)), trafficClass, dontFragment, interfaceName, mark);
    }

    /**
     * {@return these options with another traffic class}
     *
     * @param trafficClass the whole octet (DSCP and ECN), 0 to 255
     * @throws IllegalArgumentException if it is out of range
     */
    public EchoOptions withTrafficClass(int trafficClass) {
        return new EchoOptions(
                hopLimit, OptionalInt.of(inRange("traffic class", trafficClass, 0)), dontFragment, interfaceName, mark);
    }

    /**
     * {@return these options with fragmentation forbidden or allowed}
     *
     * @param dontFragment whether the packet must not be fragmented
     */
    public EchoOptions withDontFragment(boolean dontFragment) {
        return new EchoOptions(hopLimit, trafficClass, dontFragment, interfaceName, mark);
    }

    /**
     * {@return these options with an interface} One that this host does not have at the time of sending is no misuse:
     * the request then ends with {@link NotSentReason#NO_ROUTE}. So does an IPv6 request if no route leads to its
     * destination by that interface. Linux takes an IPv4 destination to be on the interface's own link then: one that
     * is elsewhere times out.
     *
     * @param name the name of the interface, 1 to 255 characters, or of a VRF
     * @throws IllegalArgumentException if it is empty or longer
     */
    public EchoOptions withInterface(String name) {
        if (name.isEmpty() || name.length() > LONGEST_INTERFACE) {
            throw new IllegalArgumentException(
                    "interface is \"" + name + "\"; it must have 1 to " + LONGEST_INTERFACE + " characters");
        }
        return new EchoOptions(hopLimit, trafficClass, dontFragment, Optional.of(name), mark);
    }

    /**
     * {@return these options with a mark}
     *
     * @param mark any number; 0 is no mark
     */
    public EchoOptions withMark(int mark) {
        return new EchoOptions(hopLimit, trafficClass, dontFragment, interfaceName, OptionalInt.of(mark));
    }

    private static int inRange(String what, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be " + least + " to " + MOST);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EchoOptions that
                && hopLimit.equals(that.hopLimit)
                && trafficClass.equals(that.trafficClass)
                && dontFragment == that.dontFragment
                && interfaceName.equals(that.interfaceName)
                && mark.equals(that.mark);
    }

    @Override
    public int hashCode() {
        return Objects.hash(hopLimit, trafficClass, dontFragment, interfaceName, mark);
    }

    @Override
    public String toString() {
        return "EchoOptions[hopLimit=" + text(hopLimit) + ", trafficClass=" + text(trafficClass) + ", dontFragment="
                + dontFragment
                + interfaceName.map(name -> ", interface=" + name).orElse("")
                + (mark.isPresent() ? ", mark=" + mark.getAsInt() : "") + "]";
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "default";
    }
}
