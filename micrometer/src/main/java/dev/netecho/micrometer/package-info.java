// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Meters of Micrometer for requesters.
 *
 * <pre>{@code
 * EchoMetrics metrics = new EchoMetrics(requester);
 * metrics.bindTo(registry);
 * RoundTripTimer timer = new RoundTripTimer(registry, requester);
 * requester.sendAsync(request, timer.around(listener));
 * }</pre>
 *
 * <p>docs/metrics.md lists the meters.
 */
@NullMarked
package dev.netecho.micrometer;

import org.jspecify.annotations.NullMarked;
