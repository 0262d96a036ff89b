// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The processor architectures whose layouts are known, with the numbers in which they differ.
 *
 * <table>
 * <caption>Differences</caption>
 * <tr><th>architecture</th><th>sendmmsg</th><th>epoll_event</th></tr>
 * <tr><td>x86-64</td><td>307</td><td>12 bytes, packed, data at 4</td></tr>
 * <tr><td>aarch64, riscv64</td><td>269</td><td>16 bytes, data at 8</td></tr>
 * </table>
 */
enum Architecture {
    X86_64(307, 9, 11, 12, 4),
    AARCH64(269, 222, 215, 16, 8),
    RISCV64(269, 222, 215, 16, 8);

    private static final @Nullable Architecture CURRENT = of(System.getProperty("os.arch", ""));

    final int sendmmsgNumber;
    final int mmapNumber;
    final int munmapNumber;
    final int epollEventSize;
    final int epollEventDataOffset;

    Architecture(int sendmmsgNumber, int mmapNumber, int munmapNumber, int epollEventSize, int epollEventDataOffset) {
        this.sendmmsgNumber = sendmmsgNumber;
        this.mmapNumber = mmapNumber;
        this.munmapNumber = munmapNumber;
        this.epollEventSize = epollEventSize;
        this.epollEventDataOffset = epollEventDataOffset;
    }

    /**
     * {@return the architecture of this process, or AARCH64, which has the layout of the generic system call table}
     *
     * <p>The default only keeps class initialisation from failing: {@link LibC#load()} refuses such a system.
     */
    static Architecture currentOrGeneric() {
        return CURRENT == null ? AARCH64 : CURRENT;
    }

    /**
     * {@return the architecture that the JVM calls {@code osArch}, or null if its layouts are not known}
     *
     * @param osArch the value of the system property {@code os.arch}
     */
    static @Nullable Architecture of(String osArch) {
        return switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "x86-64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            case "riscv64" -> RISCV64;
            default -> null;
        };
    }

    /**
     * Refuses every system with other structure layouts.
     *
     * @param osName the value of the system property {@code os.name}
     * @param osArch the value of the system property {@code os.arch}
     * @param order the byte order of the machine
     * @throws LibCUnavailableException if the system is not a supported Linux
     */
    static void requireSupported(String osName, String osArch, ByteOrder order) {
        if (!osName.equalsIgnoreCase("Linux")) {
            throw LibCUnavailableException.ofAnotherSystem(
                    "this backend needs a Linux kernel, but os.name is \"" + osName + "\"",
                    "use the Netecho backend for this operating system; if it is there, its jar was merged with others:"
                            + " merge META-INF/services too");
        }
        if (of(osArch) == null || order != ByteOrder.LITTLE_ENDIAN) {
            throw new LibCUnavailableException(
                    "the structure layouts of os.arch \"" + osArch + "\" (" + order + ") are not known",
                    "run a 64-bit little-endian JVM for x86-64, aarch64 or riscv64",
                    null);
        }
    }
}
