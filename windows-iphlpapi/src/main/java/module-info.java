// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** ICMP echo on Windows, over IcmpSendEcho2Ex and Icmp6SendEcho2 of iphlpapi.dll. */
@NullMarked
module dev.netecho.windows {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires org.slf4j;

    // Optional: JDK 22 and newer need it only where native access is not granted to this module.
    requires static com.sun.jna;

    exports dev.netecho.windows;

    // If JNA is used, it binds the native methods of this package, and calls its callback, by reflection.
    opens dev.netecho.windows.win32 to
            com.sun.jna;

    provides dev.netecho.spi.EchoRequesterProvider with
            dev.netecho.windows.WindowsIphlpapiProvider;
}
