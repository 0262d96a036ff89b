// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/** One sweep by many machines, through Kafka. */
@NullMarked
module dev.netecho.sweep.kafka {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires org.slf4j;

    // It has no descriptor, nor a name of its own: this is that of its file.
    requires kafka.clients;

    exports dev.netecho.sweep.kafka;
}
