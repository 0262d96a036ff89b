// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import java.io.IOException;

/** A target may have another way than frames to the one router, for as long as nobody changes that. */
final class OtherWayException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherWayException(String why) {
        super(why);
    }
}
