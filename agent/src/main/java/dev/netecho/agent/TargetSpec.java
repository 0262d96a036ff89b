// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A target as a list names it.
 *
 * @param host a name or an address
 * @param labels what its series carry besides, by name
 */
record TargetSpec(String host, SortedMap<String, String> labels) {
    /** RFC 1035: a name has at most 253 characters; an address with a zone has fewer. */
    private static final int LONGEST_HOST = 253;

    private static final int MOST_LABELS = 30;
    private static final int LONGEST_VALUE = 1_000;

    /** Those of the agent's own series. */
    private static final Set<String> OWN =
            Set.of("target", "address", "le", "outcome", "reason", "requester", "kind", "ip_version");

    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,99}");
    private static final Pattern OCTETS = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    static TargetSpec of(String host) {
        return new TargetSpec(host, new TreeMap<>());
    }

    /** {@return why a text can be no host; null if it can} What is a name is left to name servers. */
    static @Nullable String trouble(String host) {
        if (host.isEmpty() || host.length() > LONGEST_HOST) {
            return "a host has 1 to " + LONGEST_HOST + " characters";
        }
        boolean digitsOnly = true;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean letter = Character.isLetterOrDigit(c) || ".:-_%[]".indexOf(c) >= 0;
            if (!letter || Character.isSurrogate(c)) {
                return "it has a character that no host has";
            }
            digitsOnly &= c == '.' || (c >= '0' && c <= '9');
        }
        if (host.startsWith("0x") || host.startsWith("0X")) {
            return "a number is no address; give it as 192.0.2.1";
        }
        // Programs read 010.0.0.1 and 10.1 differently (RFC 6943, 3.1.1): they would ask another host.
        if (digitsOnly && !OCTETS.matcher(host).matches()) {
            return "an IPv4 address has four numbers without leading zeros, such as 192.0.2.1";
        }
        return null;
    }

    /** {@return why a label cannot be used; null if it can} */
    static @Nullable String trouble(String label, String value) {
        if (!LABEL.matcher(label).matches()) {
            return "the label " + Words.quoted(label)
                    + " is no name of a label: it must have 1 to 100 letters, digits and _, no digit first";
        }
        if (OWN.contains(label)) {
            return "the label " + Words.quoted(label) + " is one of the agent's own; give it another name";
        }
        return value.length() > LONGEST_VALUE
                ? "the label " + Words.quoted(label) + " has more than " + LONGEST_VALUE + " characters"
                : null;
    }

    /** {@return why there are too many labels; null if there are not} */
    static @Nullable String trouble(Map<String, String> labels) {
        return labels.size() > MOST_LABELS ? "a target has at most " + MOST_LABELS + " labels" : null;
    }
}
