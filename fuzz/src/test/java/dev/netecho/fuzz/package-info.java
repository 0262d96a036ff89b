// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** What every fuzz target needs: rounds, changes, an oracle, and right packets to begin with. */
package dev.netecho.fuzz;
