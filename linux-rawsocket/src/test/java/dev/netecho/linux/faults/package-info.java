// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Faults in the system calls of the engine: a class loader of its own gives it bindings that fail on demand. */
@NullMarked
package dev.netecho.linux.faults;

import org.jspecify.annotations.NullMarked;
