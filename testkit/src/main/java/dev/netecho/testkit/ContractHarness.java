// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireLog;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the author of a backend writes to have it tested: how to open it, what it claims, and what this place cannot
 * show.
 *
 * <p>What a backend claims is checked: a capability or counter fails the contract if it is claimed here and missing, as
 * does a {@link Limit} that is not declared.
 */
public abstract class ContractHarness {
    /** Constructs a harness. */
    protected ContractHarness() {}

    /** {@return a new instance of the provider} */
    public abstract EchoRequesterProvider newProvider();

    /** {@return a builder of requesters of this backend} */
    public EchoRequester.Builder newBuilder() {
        return EchoRequester.newBuilder().provider(newProvider());
    }

    /**
     * {@return an open requester}
     *
     * @param builder one of {@link #newBuilder}, with more options set
     * @throws EchoUnavailableException if it cannot be opened
     */
    public EchoRequester open(EchoRequester.Builder builder) throws EchoUnavailableException {
        return builder.open();
    }

    /** {@return exactly what the backend can do here; default: everything} */
    public Set<EchoCapability> capabilities() {
        return EnumSet.allOf(EchoCapability.class);
    }

    /**
     * {@return what the backend can do on every host, so that {@link #newBuilderWithout(EchoCapability)} is never asked
     * to remove it; default: nothing}
     */
    public Set<EchoCapability> unconditional() {
        return EnumSet.noneOf(EchoCapability.class);
    }

    /** {@return exactly the stray packets that the backend sees; default: all} */
    public Set<Stray> visibleStrays() {
        return EnumSet.allOf(Stray.class);
    }

    /** {@return what cannot be shown, and why; default: nothing} */
    public Map<Limit, String> limits() {
        return Map.of();
    }

    /** {@return the time that the backend lives in; default: that of the machine} */
    public ContractTime time() {
        return ContractTime.ofMachine();
    }

    /**
     * {@return an address that does what a row of the plan says; empty if none does, then {@link Limit#NO_LAB} says
     * why} Default: the lab's.
     *
     * @param family its family
     * @param row what it is to do
     * @param d which of the row
     */
    public Optional<InetAddress> address(IpVersion family, LabPlan row, int d) {
        return Optional.of(row.address(family, d));
    }

    /** {@return the name of the interface that leads to the lab; empty if it has none} Default: empty. */
    public Optional<String> interfaceName() {
        return Optional.empty();
    }

    /** {@return what the lab has received, unless {@link Limit#NO_WIRE_LOG} is declared} */
    public abstract WireLog wire();

    /** Makes the network forget earlier requests; called before each test. */
    public abstract void reset();

    /** {@return how much the backend holds of what must be released, such as bytes of native memory, by name} */
    public Map<String, Long> resources() {
        return Map.of();
    }

    /**
     * Sets the smallest receive buffer there is, unless {@link Limit#NO_RECEIVE_OVERFLOW} is declared.
     *
     * @param builder what to set it on
     * @return the builder
     */
    public EchoRequester.Builder withSmallReceiveBuffer(EchoRequester.Builder builder) {
        throw new UnsupportedOperationException("declare NO_RECEIVE_OVERFLOW, or make the receive buffer small");
    }

    /**
     * Fills or empties the queue of the interface, unless {@link Limit#NO_FULL_QUEUE} is declared.
     *
     * @param full whether it takes no packet
     */
    public void fillSendQueue(boolean full) {
        throw new UnsupportedOperationException("declare NO_FULL_QUEUE, or fill the queue");
    }

    /**
     * Lends an event loop, unless {@link Limit#NO_LENT_LOOP} is declared.
     *
     * @param builder the builder that it is lent to
     * @return ends the loop
     */
    public Runnable lendLoop(EchoRequester.Builder builder) {
        throw new UnsupportedOperationException("declare NO_LENT_LOOP, or lend one");
    }

    /**
     * {@return a provider that is unavailable, unless {@link Limit#NO_UNAVAILABLE_HOST} is declared} {@link #reset}
     * undoes what makes it so.
     */
    public EchoRequesterProvider unavailableProvider() {
        throw new UnsupportedOperationException("declare NO_UNAVAILABLE_HOST, or give such a provider");
    }

    /**
     * {@return a builder for a host without one of the families, unless {@link Limit#NO_MISSING_FAMILY} is declared}
     * {@link #reset} undoes what makes it so.
     *
     * @param missing the family
     */
    public EchoRequester.Builder newBuilderWithout(IpVersion missing) {
        throw new UnsupportedOperationException("declare NO_MISSING_FAMILY, or give such a builder");
    }

    /**
     * {@return a builder for a host on which the backend cannot set an option, unless {@link Limit#NOTHING_UNSUPPORTED}
     * is declared}
     *
     * @param missing what it cannot do
     */
    public EchoRequester.Builder newBuilderWithout(EchoCapability missing) {
        throw new UnsupportedOperationException("declare NOTHING_UNSUPPORTED, or give such a builder");
    }

    /**
     * {@return whether the backend may give an error this kind if the system hides type and code} Default: only the
     * kind of that type and code.
     *
     * @param family the family
     * @param kind what the backend said
     * @param type the ICMP type that was sent
     * @param code the ICMP code that was sent
     */
    public boolean isKindOf(IpVersion family, IcmpErrorKind kind, int type, int code) {
        return kind
                == (family == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code));
    }

    /**
     * {@return how many requests a test of many makes} Default: the usual number, which a real backend must bear. A
     * smaller number is for harnesses that run many times to test the contract itself, and for emulated machines.
     *
     * @param usual the usual number, 1,000 or more
     */
    public int bulk(int usual) {
        return usual;
    }

    /**
     * {@return how long after its last requester closed a backend may still hold what it must release; default: 10 s}
     */
    public Duration cleaningUp() {
        return Duration.ofSeconds(10);
    }

    /** {@return why tests that need this are skipped: by the harness's limits or those of its capabilities} */
    final Optional<String> reasonAgainst(Limit limit) {
        return Optional.ofNullable(limits().get(limit));
    }
}
