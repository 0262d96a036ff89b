// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import org.jspecify.annotations.Nullable;

/** Says why the functions of Windows cannot be called in this process, and what an operator can do about it. */
public final class Win32UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;

    Win32UnavailableException(String reason, String remedy, @Nullable Throwable cause) {
        super(reason + ". Remedy: " + remedy, cause);
        this.reason = reason;
        this.remedy = remedy;
    }

    /** {@return what is wrong, without the remedy} */
    public String reason() {
        return reason;
    }

    /** {@return a sentence that an operator can act on} */
    public String remedy() {
        return remedy;
    }
}
