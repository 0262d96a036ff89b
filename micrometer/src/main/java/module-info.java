// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** What requesters count, as meters of Micrometer. */
@NullMarked
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor
module dev.netecho.micrometer {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires transitive micrometer.core;

    exports dev.netecho.micrometer;
}
