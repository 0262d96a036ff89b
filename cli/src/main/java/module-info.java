// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** The command {@code netecho}. */
@NullMarked
@SuppressWarnings("requires-automatic") // JLine has a stable name, but no descriptor
module dev.netecho.cli {
    requires dev.netecho;
    requires dev.netecho.linux;
    requires static dev.netecho.agent; // with many libraries, for one command
    requires static org.jspecify;
    requires com.sun.jna;
    requires info.picocli;
    requires org.jline.terminal;

    // Picocli reads the options by reflection, JNA binds a native method.
    opens dev.netecho.cli to
            com.sun.jna,
            info.picocli;

    uses dev.netecho.spi.EchoRequesterProvider;
}
