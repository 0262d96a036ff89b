// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The path to a destination, over any {@link dev.netecho.EchoRequester}: no other socket, and no more privileges.
 *
 * <ul>
 *   <li>{@link dev.netecho.path.PathTrace} finds the hops, their round trips and their loss.
 *   <li>{@link dev.netecho.path.PathMtu} finds the largest packet that arrives in one piece, and what limits it.
 * </ul>
 *
 * <p>Both report each step to a listener, end with a value, and can be cancelled.
 */
@NullMarked
package dev.netecho.path;

import org.jspecify.annotations.NullMarked;
