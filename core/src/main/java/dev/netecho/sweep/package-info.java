// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Asks every address of a network once, and says what became of each: no object for a host, a few bits of memory, and a
 * bound on the rate.
 *
 * <pre>{@code
 * SweepReport report = Sweep.newBuilder(SweepTargets.of("192.0.2.0/24"))
 *         .rate(1_000)
 *         .listener(batch -> {
 *             for (int i = 0; i < batch.size(); i++) {
 *                 System.out.println(batch.address(i) + " " + batch.kind(i));
 *             }
 *         })
 *         .start().report().join();
 * }</pre>
 *
 * <ul>
 *   <li>{@link dev.netecho.sweep.SweepTargets} are ranges without exclusions; {@link dev.netecho.sweep.Sweep} asks them
 *       in a random order, all or a shard of them, and can continue from a checkpoint.
 *   <li>{@link dev.netecho.sweep.SweepReport} adds up: asked = answered + errors + silent + unsure + refused. A host is
 *       silent only if this host did not lose its answer; otherwise it is unsure, and asked again.
 * </ul>
 *
 * <p>A <em>way</em> is how probes are sent. Every {@link dev.netecho.EchoRequester} is one. The author of another
 * implements {@link dev.netecho.sweep.SweepWayProvider}, named in {@code META-INF/services} and in {@code module-info},
 * and {@link dev.netecho.sweep.SweepWay}.
 */
@NullMarked
package dev.netecho.sweep;

import org.jspecify.annotations.NullMarked;
