// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * Requesters on an event-loop group of Netty that an agent lends. Nothing outside of this package links Netty, and only
 * those who name {@link dev.netecho.linux.netty.NettyOptions} load it.
 */
@NullMarked
package dev.netecho.linux.netty;

import org.jspecify.annotations.NullMarked;
