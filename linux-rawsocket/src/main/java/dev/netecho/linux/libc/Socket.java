// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Constants of socket(2), recv(2) and socket(7). */
public final class Socket {
    public static final int AF_UNSPEC = 0;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;

    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;

    public static final int SOL_SOCKET = 1;

    public static final int SO_REUSEADDR = 2;
    public static final int SO_ERROR = 4;
    public static final int SO_BROADCAST = 6;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_PRIORITY = 12;
    public static final int SO_REUSEPORT = 15;
    public static final int SO_BINDTODEVICE = 25;
    public static final int SO_ATTACH_FILTER = 26;
    public static final int SO_DETACH_FILTER = 27;
    public static final int SO_SNDBUFFORCE = 32;
    public static final int SO_RCVBUFFORCE = 33;

    /** Asks for the receive time of each message, as a control message of type {@link #SCM_TIMESTAMPNS}. */
    public static final int SO_TIMESTAMPNS = 35;

    /** The control message with a {@link Timespec} of CLOCK_REALTIME. */
    public static final int SCM_TIMESTAMPNS = SO_TIMESTAMPNS;

    public static final int SO_MARK = 36;

    /**
     * {@code SOF_TIMESTAMPING_*}: as an option what is stamped for all messages, as a control message what for this one
     * (Linux 4.6, Documentation/networking/timestamping.rst).
     */
    public static final int SO_TIMESTAMPING = 37;

    /** Stamps a packet when its driver gets it, and puts the stamp into the error queue. */
    public static final int SOF_TIMESTAMPING_TX_SOFTWARE = 1 << 1;

    /** The stamp comes without a copy of the packet, which needs a privilege. */
    public static final int SOF_TIMESTAMPING_OPT_TSONLY = 1 << 11;

    /** Delivered on raw sockets only; a ping socket accepts the option and stays silent: read SO_MEMINFO there. */
    public static final int SO_RXQ_OVFL = 40;

    public static final int SO_LOCK_FILTER = 44;

    /** Reads {@link Meminfo}; Linux 4.12 or newer. */
    public static final int SO_MEMINFO = 55;

    /** Returned: the control data was cut, because the control buffer was too small. */
    public static final int MSG_CTRUNC = 0x8;

    /** Returned: the message was cut, because the data buffer was too small. */
    public static final int MSG_TRUNC = 0x20;

    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_ERRQUEUE = 0x2000;

    private Socket() {}
}
