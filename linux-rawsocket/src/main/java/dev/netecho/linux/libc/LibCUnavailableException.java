// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.spi.Availability;
import org.jspecify.annotations.Nullable;

/**
 * Says why the C library cannot be called in this process, and what an operator can do about it.
 *
 * <p>The condition lasts as long as the process: {@link LibC#load()} throws it again, with the same text, each time.
 */
public final class LibCUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String remedy;
    private final boolean elsewhere;

    LibCUnavailableException(String reason, String remedy, @Nullable Throwable cause) {
        this(reason, remedy, cause, false);
    }

    private LibCUnavailableException(String reason, String remedy, @Nullable Throwable cause, boolean elsewhere) {
        super(reason + ". Remedy: " + remedy, cause);
        this.reason = reason;
        this.remedy = remedy;
        this.elsewhere = elsewhere;
    }

    static LibCUnavailableException ofAnotherSystem(String reason, String remedy) {
        return new LibCUnavailableException(reason, remedy, null, true);
    }

    /** {@return the same once more, with the stack of this call} */
    LibCUnavailableException again() {
        return new LibCUnavailableException(reason, remedy, getCause(), elsewhere);
    }

    /** {@return what the providers of this backend say of themselves} */
    public Availability availability() {
        return elsewhere
                ? Availability.ofAnotherSystem(reason, remedy)
                : Availability.unavailable(reason, remedy, this);
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
