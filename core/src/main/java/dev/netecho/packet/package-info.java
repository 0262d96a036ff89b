// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * ICMP messages of RFC 792, RFC 4443 and RFC 4884 as pure functions over {@link java.nio.ByteBuffer}.
 *
 * <p>Exported to the modules of this project only; the names and signatures may change in any release.
 */
@NullMarked
package dev.netecho.packet;

import org.jspecify.annotations.NullMarked;
