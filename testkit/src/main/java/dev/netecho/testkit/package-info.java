// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The contract: the rules of SPEC.md as tests, which every backend passes.
 *
 * <p>The author of a backend writes a {@link dev.netecho.testkit.ContractHarness} and a subclass of
 * {@link dev.netecho.testkit.BackendContract}; everything else is here. There is a class for each group of rules, and a
 * test's name and the messages of its failures begin with the rule's id.
 *
 * <p>A rule that cannot be shown somewhere is skipped with the reason that the harness gives
 * ({@link dev.netecho.testkit.Limit}). A limit that is not declared is a failure, so no rule is skipped unnoticed.
 */
@NullMarked
package dev.netecho.testkit;

import org.jspecify.annotations.NullMarked;
