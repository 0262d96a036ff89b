// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.ProcNet;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The IPv6 addresses of this host, in {@code if_inet6} of proc(5): "address index prefix scope flags name" with numbers
 * in hexadecimal (Linux, net/ipv6/addrconf.c, if6_seq_show). Java hides them under {@code java.net.preferIPv4Stack},
 * and never shows the flags.
 */
public final class Ipv6Addresses {
    /** Found early: without descriptors no class can be read from a folder. */
    private static final String FILE = ProcNet.file("if_inet6");

    private static final String LOOPBACK = "00000000000000000000000000000001";
    private static final Pattern LINE = Pattern.compile("(\\S+) \\S+ \\S+ (\\S+) (\\S+) +(\\S+)");
    private static final int IPV6_ADDR_LOOPBACK = 0x10;
    private static final int IPV6_ADDR_LINKLOCAL = 0x20;
    private static final int IFA_F_OPTIMISTIC = 0x04;
    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;

    private Ipv6Addresses() {}

    /** What this host can send from. */
    public enum Supply {
        /** An address that reaches other hosts, or only {@code ::1}, or not known. */
        USABLE,
        /**
         * All but {@code ::1} are tentative (RFC 4862, 5.4) or failed the test for duplicates. The kernel then sends to
         * other hosts from {@code ::1}, and none answers.
         */
        LOOPBACK_ONLY,
        /** None may be used: the kernel refuses to send. */
        NONE
    }

    /** {@return what this host has now, as it says} */
    public static Supply supply() {
        boolean loopback = false;
        boolean unusable = false;
        try {
            for (String line : lines()) {
                Matcher address = LINE.matcher(line);
                if (!address.matches()) {
                    return Supply.USABLE;
                }
                boolean usable = isUsable(Integer.parseInt(address.group(3), 16));
                if (usable && !address.group(1).equals(LOOPBACK)) {
                    return Supply.USABLE;
                }
                loopback |= usable;
                unusable |= !usable;
            }
            return !loopback ? Supply.NONE : unusable ? Supply.LOOPBACK_ONLY : Supply.USABLE;
        } catch (IOException | RuntimeException e) {
            return Supply.USABLE; // not known; a request says what is wrong
        }
    }

    /**
     * {@return whether this host has an address that reaches beyond a link, and may use every such address} Then the
     * kernel never sends to another network from a link-local address or {@code ::1} (RFC 6724, 5, rule 2).
     *
     * @param isDown whether it is known that the interface with a name is down; its addresses may not be used
     */
    public static boolean haveGlobalThroughout(Predicate<String> isDown) {
        boolean found = false;
        try {
            for (String line : lines()) {
                Matcher address = LINE.matcher(line);
                if (!address.matches()) {
                    return false;
                }
                if (!isOfLinkOrHost(Integer.parseInt(address.group(2), 16))) {
                    if (!isUsable(Integer.parseInt(address.group(3), 16)) || isDown.test(address.group(4))) {
                        return false;
                    }
                    found = true;
                }
            }
            return found;
        } catch (IOException | RuntimeException e) {
            return false; // nothing is known
        }
    }

    /**
     * {@return the names of the interfaces that have an address; null if that is not known}
     *
     * @param high its first eight bytes
     * @param low the rest
     */
    public static @Nullable List<String> links(long high, long low) {
        String address = String.format(Locale.ROOT, "%016x%016x ", high, low);
        try {
            return lines().stream()
                    .filter(line -> line.startsWith(address))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /**
     * Not with java.nio.file: without descriptors its first use fails in a static initializer, and then every later use
     * in this process fails too (sun.nio.ch.FileDispatcherImpl).
     */
    private static List<String> lines() throws IOException {
        try (InputStream in = new FileInputStream(FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return text.isEmpty() ? List.of() : List.of(text.split("\n", 0));
        }
    }

    private static boolean isOfLinkOrHost(int scope) {
        return scope == IPV6_ADDR_LOOPBACK || scope == IPV6_ADDR_LINKLOCAL;
    }

    private static boolean isUsable(int flags) {
        // RFC 4429.
        boolean tentative = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
        return !tentative && (flags & IFA_F_DADFAILED) == 0;
    }
}
