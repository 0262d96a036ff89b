// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * Who calls whom when: an event loop that watches descriptors, runs tasks and keeps one timer, either Netty's or, where
 * Netty's native library is missing, a small one over epoll(7).
 */
@NullMarked
package dev.netecho.linux.loop;

import org.jspecify.annotations.NullMarked;
