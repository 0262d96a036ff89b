// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** ICMP echo on Windows: the provider {@code windows-iphlpapi} and its options. */
@NullMarked
package dev.netecho.windows;

import org.jspecify.annotations.NullMarked;
