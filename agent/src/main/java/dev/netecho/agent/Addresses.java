// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses that a configuration gives, which are never looked up. */
final class Addresses {
    private Addresses() {}

    static InetAddress literal(YamlValue given) throws ConfigException {
        try {
            return literal(given.text());
        } catch (UnknownHostException e) {
            throw given.refused("an IP address");
        }
    }

    /** {@return the address that a text is; a name is refused without asking a name server} */
    static InetAddress literal(String text) throws UnknownHostException {
        boolean address = text.indexOf(':') >= 0 || text.matches("[0-9.]+");
        if (!address || TargetSpec.trouble(text) != null) {
            throw new UnknownHostException(text);
        }
        return InetAddress.getByName(text);
    }

    /** {@return whether a host is written as an address, so that no name server is asked} */
    static boolean isLiteral(String host) {
        try {
            literal(host);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * {@return where to listen}
     *
     * @param what how messages name the value
     * @param text such as 127.0.0.1:9785, [::1]:9785, localhost:9785, or :9785 for every address; port 0 is any
     */
    static InetSocketAddress listen(String what, String text) throws ConfigException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (colon >= 0 && port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535) {
            int number = Integer.parseInt(port);
            if (host.isEmpty()) {
                return new InetSocketAddress(number);
            }
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            String bare = bracketed ? host.substring(1, host.length() - 1) : host;
            try {
                if (bare.equals("localhost")) {
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
                }
                if (bracketed == bare.contains(":")) {
                    return new InetSocketAddress(literal(bare), number);
                }
            } catch (UnknownHostException e) {
                // Told below.
            }
        }
        throw new ConfigException(what + " is " + Words.quoted(text)
                + "; it must be ADDRESS:PORT, such as 127.0.0.1:9785, [::1]:9785, or :9785 for every address");
    }

    /** {@return an address and its port as in a URL, such as [::1]:9785} */
    static String text(InetSocketAddress address) {
        String text = text(address.getAddress());
        return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + address.getPort();
    }

    /** {@return an address as people write it: IPv6 after RFC 5952} */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        if (text.indexOf(':') < 0) {
            return text;
        }
        int percent = text.indexOf('%');
        String[] groups = (percent < 0 ? text : text.substring(0, percent)).split(":", -1);
        int start = -1;
        int length = 1; // RFC 5952, 4.2.2: a single group of zeros is not shortened
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder shortened = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == start) {
                shortened.append("::");
                i += length - 1;
            } else {
                boolean first = shortened.length() == 0 || shortened.charAt(shortened.length() - 1) == ':';
                shortened.append(first ? "" : ":").append(groups[i]);
            }
        }
        return shortened.append(percent < 0 ? "" : text.substring(percent)).toString();
    }
}
