// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.Errno;
import java.io.IOException;

/** A system call failed; the message names the call and the error. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * Constructs the exception.
     *
     * @param call the call as in its man page, such as {@code socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)}
     * @param errno the error number
     */
    public SystemCallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /** {@return the call as in its man page} */
    public String call() {
        return call;
    }

    /** {@return the name of the call, without its arguments} */
    public String function() {
        int arguments = call.indexOf('(');
        return arguments < 0 ? call : call.substring(0, arguments);
    }

    /** {@return the error number} */
    public int errno() {
        return errno;
    }
}
