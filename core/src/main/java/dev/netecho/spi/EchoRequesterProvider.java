// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoUnavailableException;

/**
 * Makes the engine of one backend. Implementations have a public constructor without parameters that loads nothing
 * native and starts no thread, and are named in {@code META-INF/services} and {@code module-info}.
 *
 * <p>How {@link dev.netecho.EchoRequester.Builder#open} chooses:
 *
 * <ol>
 *   <li>A provider object given to the builder is used, and no other.
 *   <li>Otherwise, a name given to the builder, or else in the system property {@code netecho.provider}, restricts the
 *       choice to the providers of that name.
 *   <li>{@link java.util.ServiceLoader} finds the providers with the class loader of the API. One that throws is noted
 *       and skipped. Without a name, those of negative {@link #priority()} are left out.
 *   <li>They are tried from the highest priority to the lowest, equal ones by name. One that is not
 *       {@linkplain #availability() available} or fails to {@linkplain #open open} is noted and skipped.
 *   <li>If none is left, {@link EchoUnavailableException} lists every one with its reason and remedy; those for another
 *       operating system only if there are no others.
 * </ol>
 */
public interface EchoRequesterProvider {
    /** {@return the name, lower case with hyphens, such as {@code "linux-datagram"}; constant} */
    String name();

    /** {@return the rank among available providers: the highest wins, a negative one is used by name only} */
    int priority();

    /**
     * {@return whether it can run on this host now, found out by trying} May load native libraries; must not throw for
     * what an operator can change.
     */
    Availability availability();

    /**
     * Opens an engine.
     *
     * @param config name, options and counters of the requester it will serve
     * @return the engine
     * @throws EchoUnavailableException if the host refuses; the message has the reason and the remedy
     */
    EchoEngine open(EchoConfig config) throws EchoUnavailableException;
}
