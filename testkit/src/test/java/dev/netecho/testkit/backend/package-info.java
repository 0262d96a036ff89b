// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** What tests of an engine give it where there is no requester. For the tests of this project. */
@NullMarked
package dev.netecho.testkit.backend;

import org.jspecify.annotations.NullMarked;
