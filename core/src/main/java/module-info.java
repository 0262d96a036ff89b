// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * ICMP echo requests through one small interface, whatever the operating system.
 *
 * <p>Agents use {@code dev.netecho}. Authors of backends use {@code dev.netecho.spi}, {@code dev.netecho.backend} and
 * {@code dev.netecho.packet}.
 */
@NullMarked
module dev.netecho {
    requires static transitive org.jspecify;
    requires org.slf4j;

    // For the events of Java Flight Recorder: an image may lack it.
    requires static jdk.jfr;

    exports dev.netecho;
    exports dev.netecho.path;
    exports dev.netecho.sweep;
    exports dev.netecho.spi;
    exports dev.netecho.backend;
    exports dev.netecho.packet;

    uses dev.netecho.spi.EchoRequesterProvider;
    uses dev.netecho.sweep.SweepWayProvider;
}
