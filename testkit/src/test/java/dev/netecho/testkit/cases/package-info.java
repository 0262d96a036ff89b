// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Which cases of the contract are proven by which tests.
 *
 * <p>{@code contract-cases.md} beside these classes lists the cases, the rules of SPEC.md that they belong to, and
 * where a backend need not show one. Tests say by {@link dev.netecho.testkit.cases.Covers} what they prove; those of
 * modules that this one depends on are named in {@code contract-cases.md} and looked up in Surefire's reports.
 * {@link dev.netecho.testkit.cases.CaseTable} puts all of it together after the last test.
 */
@NullMarked
package dev.netecho.testkit.cases;

import org.jspecify.annotations.NullMarked;
