// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** Lets the tests of the engine put a library of their own under the binding. */
public final class ApiAccess {
    private ApiAccess() {}

    public static Icmp6Api icmp6In(String library) {
        return Bindings.icmp6In(library);
    }

    public static IpErrorApi ipErrorsIn(String library) {
        return Bindings.ipErrorsIn(library);
    }
}
