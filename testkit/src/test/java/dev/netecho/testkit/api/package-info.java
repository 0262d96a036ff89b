// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** What users of the published jars can see, and whether it changed. */
@NullMarked
package dev.netecho.testkit.api;

import org.jspecify.annotations.NullMarked;
