// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The provider {@code simulated}: hosts scripted in Java on a clock that tests advance. It is for tests of agents, and
 * the reference for authors of backends.
 *
 * <p>Begin with {@link dev.netecho.testkit.simulated.SimulatedNetwork}.
 */
@NullMarked
package dev.netecho.testkit.simulated;

import org.jspecify.annotations.NullMarked;
