// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the private network namespace ready, or skips the test where there is none.
 *
 * <p>The system property {@code netecho.test.namespace} says what the launcher has made: {@code root} for a namespace
 * made by root, {@code user} for one inside a user namespace, {@code none} or nothing for no namespace. The last two
 * skip the test, and fail it when {@code netecho.ci} is {@code true}: nothing may be skipped there unnoticed.
 */
public final class PrivateNamespace implements BeforeAllCallback, BeforeEachCallback {
    private static final Path PING_GROUP_RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");

    // netdevice(7): struct ifreq begins with the name, the flags follow at 16.
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int IFF_UP = 1;

    @Override
    public void beforeAll(ExtensionContext context) {
        prepare();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        prepare();
    }

    private static void prepare() {
        String kind = System.getProperty("netecho.test.namespace", "none").toLowerCase(Locale.ROOT);
        switch (kind) {
            case "root" -> {
                bringLoopbackUp();
                openPingSockets("0 2147483647");
            }
            case "user" -> {
                bringLoopbackUp();
                // Groups that the user namespace does not map are refused: EINVAL.
                openPingSockets("0 0");
            }
            case "none" -> skip();
            default ->
                throw new AssertionError("netecho.test.namespace is \"" + kind + "\", but must be root, user or none");
        }
    }

    private static void skip() {
        String reason = "needs a private network namespace: run the tests under `unshare -n` with"
                + " -Dnetecho.test.namespace=root, or under `unshare -Urn` with -Dnetecho.test.namespace=user";
        if (Boolean.getBoolean("netecho.ci")) {
            throw new AssertionError("netecho.ci=true forbids skipping: " + reason);
        }
        Assumptions.abort(reason);
    }

    private static void bringLoopbackUp() {
        LibC.load();
        int fd = LibC.socket(Socket.AF_INET, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
        check(fd, "socket");
        try (NativeMemory ifreq = NativeMemory.allocate(IFREQ_SIZE)) {
            ifreq.buffer().put(0, "lo".getBytes(StandardCharsets.US_ASCII));
            check(LibC.ioctl(fd, SIOCGIFFLAGS, ifreq.address()), "ioctl SIOCGIFFLAGS of lo");
            short flags = ifreq.buffer().getShort(IFREQ_FLAGS);
            if ((flags & IFF_UP) == 0) {
                ifreq.buffer().putShort(IFREQ_FLAGS, (short) (flags | IFF_UP));
                check(LibC.ioctl(fd, SIOCSIFFLAGS, ifreq.address()), "ioctl SIOCSIFFLAGS of lo");
            }
        } finally {
            LibC.close(fd);
        }
    }

    /**
     * A new namespace starts with "1 0": ping sockets for no group, not even for root.
     *
     * <p>Written unread: inside a user namespace the closed range reads as "65534 65534", because its groups are not
     * mapped there.
     */
    private static void openPingSockets(String range) {
        try {
            Files.writeString(PING_GROUP_RANGE, range);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set net.ipv4.ping_group_range to \"" + range + "\"", e);
        }
    }

    private static void check(int result, String call) {
        if (result < 0) {
            throw new AssertionError(call + " failed: " + Errno.describe(LibC.errno()));
        }
    }
}
