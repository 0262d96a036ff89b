// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;

/**
 * Opens a way to send the probes of a sweep. Implementations have a public constructor without parameters that loads
 * nothing native, and are named in {@code META-INF/services} and {@code module-info}.
 *
 * <p>{@link java.util.ServiceLoader} finds them. A sweep tries them from the highest {@link #priority()} to the lowest.
 * One that is not available, or cannot do this sweep, is passed over. If none is left, an
 * {@link dev.netecho.EchoRequester} sends.
 */
public interface SweepWayProvider {
    /** {@return the name of the way, lower case, such as {@code "packet"}; constant} */
    String name();

    /** {@return the rank among available ways: the highest wins; a negative one is used by name only} */
    int priority();

    /**
     * {@return whether it can run on this host now, found out by trying} Must not throw for what an operator can
     * change.
     */
    Availability availability();

    /**
     * Opens the way.
     *
     * @param settings the sweep
     * @return the way
     * @throws EchoUnavailableException if it cannot do this sweep; the message has the reason and the remedy
     */
    SweepWay open(SweepSettings settings) throws EchoUnavailableException;
}
