// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * When {@code EchoLoop} is called: an event loop that watches descriptors, runs tasks and keeps one timer. The library
 * has a loop of its own over epoll(7); an agent may lend one.
 */
@NullMarked
package dev.netecho.linux.loop;

import org.jspecify.annotations.NullMarked;
