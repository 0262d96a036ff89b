// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * ICMP echo requests through one small interface, whatever the operating system.
 *
 * <p>Agents use {@code dev.netecho}; authors of backends use {@code dev.netecho.spi}.
 */
@NullMarked
module dev.netecho {
    requires static transitive org.jspecify;
    requires org.slf4j;
}
