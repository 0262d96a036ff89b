// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The agent: asks every target once an interval, and answers Prometheus. {@link dev.netecho.agent.Agent} puts the parts
 * together; docs/agent.md says what it offers.
 */
@NullMarked
package dev.netecho.agent;

import org.jspecify.annotations.NullMarked;
