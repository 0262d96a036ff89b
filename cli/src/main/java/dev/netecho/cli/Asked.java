// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequest;
import org.jspecify.annotations.Nullable;

/**
 * A target and what it is asked.
 *
 * @param target who
 * @param request what; null if the target did not resolve
 */
record Asked(Target target, @Nullable EchoRequest request) {}
