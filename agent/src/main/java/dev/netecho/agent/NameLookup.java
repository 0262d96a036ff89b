// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name, or reads an address. Thread-safe; it may take long. */
@FunctionalInterface
public interface NameLookup {
    /**
     * {@return at least one address, in the order of preference}
     *
     * @throws UnknownHostException if there is none, or no name server answers
     */
    InetAddress[] of(String host) throws UnknownHostException;
}
