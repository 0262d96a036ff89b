// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * The command {@code netecho}.
 */
@NullMarked
module dev.netecho.cli {
    requires dev.netecho;
    requires static org.jspecify;
    requires info.picocli;

    opens dev.netecho.cli to
            info.picocli;

    uses dev.netecho.spi.EchoRequesterProvider;
}
