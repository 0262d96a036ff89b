// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Parts of an engine that depend on no operating system, for authors of backends. Use what fits; {@link
 * dev.netecho.engine.AnswerRules} is the one that every backend must use, because it decides what an answer means.
 */
@NullMarked
package dev.netecho.engine;

import org.jspecify.annotations.NullMarked;
