// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The functions of iphlpapi.dll and kernel32.dll in their own spelling, and the layouts of what they read and write. No
 * other package of this module knows an offset.
 */
@NullMarked
package dev.netecho.windows.win32;

import org.jspecify.annotations.NullMarked;
