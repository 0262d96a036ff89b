// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/**
 * A routine that the system can call until it is released, as long as this object is reachable: keep it until the last
 * completion.
 *
 * @param address where the system calls it
 * @param held what the binding made for that, which the garbage collector would take away
 * @param release gives that back, once; the system must not call the routine any more
 */
public record CallableRoutine(long address, Object held, Runnable release) {}
