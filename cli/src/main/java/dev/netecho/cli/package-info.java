// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** The command {@code netecho}: arguments, the schedule of requests, and reports for people and programs. */
@NullMarked
package dev.netecho.cli;

import org.jspecify.annotations.NullMarked;
