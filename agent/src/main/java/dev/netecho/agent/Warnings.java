// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns. Never throws: a logging backend may fail, and the threads that warn must survive that. */
final class Warnings {
    private static final Logger LOG = LoggerFactory.getLogger("dev.netecho.agent");

    private Warnings() {}

    @SuppressWarnings("Slf4jSignOnlyFormat") // the text is the caller's
    static void say(String text) {
        try {
            LOG.warn("{}", text);
        } catch (RuntimeException | Error e) {
            // There is no other place to say it. What the warning is about is in the series, too.
        }
    }
}
