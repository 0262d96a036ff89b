// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name, or reads an address. Thread-safe. */
@FunctionalInterface
interface Names {
    /** {@return at least one address, in the order of preference} */
    InetAddress[] of(String name) throws UnknownHostException;
}
