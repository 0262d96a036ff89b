// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** What the developer of an agent sees: requests, outcomes and the requester that turns one into the other. */
@NullMarked
package dev.netecho;

import org.jspecify.annotations.NullMarked;
