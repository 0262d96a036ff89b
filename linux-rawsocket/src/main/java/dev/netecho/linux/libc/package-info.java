// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * Linux system calls and structures as the man pages spell them; no other package knows a native offset or constant.
 *
 * <p>Layouts are static methods over a {@link java.nio.ByteBuffer} in native byte order and an absolute offset: no
 * object per structure, no position or limit is moved. Buffers normally come from
 * {@link dev.netecho.linux.libc.NativeMemory}. Numbers are those of 64-bit little-endian x86-64, aarch64 and riscv64,
 * the only systems on which {@link dev.netecho.linux.libc.LibC#load()} succeeds.
 */
@NullMarked
package dev.netecho.linux.libc;

import org.jspecify.annotations.NullMarked;
