// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.InetAddress;

/**
 * One host to ping.
 *
 * @param text what the user gave
 * @param address what it resolved to
 */
record Target(String text, InetAddress address) {}
