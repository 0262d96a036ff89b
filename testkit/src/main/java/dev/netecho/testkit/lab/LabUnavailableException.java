// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

/** The lab cannot run here; the message says why and what to do. */
public final class LabUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    LabUnavailableException(String message) {
        super(message);
    }

    LabUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    static LabUnavailableException systemCall(String what, int errno) {
        return new LabUnavailableException("the network lab cannot start: " + what + " failed with errno " + errno
                + " ("
                + LibC.strerror(errno) + "); it needs Linux, a network namespace of its own (`unshare -n` as root,"
                + " `unshare -Urn` otherwise) and a /dev/net/tun that this user may open");
    }
}
