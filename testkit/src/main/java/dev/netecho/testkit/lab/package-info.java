// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The network lab: a TUN device in a private network namespace. Behind it every address of 198.18.0.0/15 and of its
 * IPv6 twin 2001:2::/48 behaves as {@link dev.netecho.testkit.lab.LabPlan} says.
 *
 * <p>{@link dev.netecho.testkit.lab.LabTest} starts it for a JUnit test, {@link dev.netecho.testkit.lab.Lab#start} for
 * anything else in this process, and {@link dev.netecho.testkit.lab.LabProgram} for other processes of the namespace.
 * What the lab saw on the wire is in its {@link dev.netecho.testkit.lab.WireLog}.
 */
@NullMarked
package dev.netecho.testkit.lab;

import org.jspecify.annotations.NullMarked;
