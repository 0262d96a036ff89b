// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses as people write them: IPv6 after RFC 5952, which {@link InetAddress#getHostAddress} is not. */
final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    static String of(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address.getHostAddress();
        }
        byte[] bytes = six.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        String host = six.getHostAddress();
        int percent = host.indexOf('%');
        return compressed(groups) + (percent < 0 ? "" : host.substring(percent));
    }

    private static String compressed(int[] groups) {
        int start = -1;
        int length = 1; // RFC 5952, 4.2.2: a single group of zeros is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
