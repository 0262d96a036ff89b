// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, each once. */
final class Parameters {
    /** A query is at most as long as the head of a request; this many keys are more than any use has. */
    private static final int MOST = 100;

    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads a query.
     *
     * @param query without its question mark; null if there is none
     * @throws IllegalArgumentException if it cannot be decoded, or has a key twice
     */
    Parameters(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (int start = 0; start <= query.length(); ) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            if (end > start) {
                add(query.substring(start, end));
            }
            start = end + 1;
        }
    }

    private void add(String pair) {
        int equals = pair.indexOf('=');
        String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException("the parameter " + Words.quoted(key) + " is given twice; give it once");
        }
        if (values.size() > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " parameters are given");
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Words.quoted(text) + " is no valid part of a query: % is followed by two hexadecimal digits", e);
        }
    }

    /** {@return a value; null if it is not given} */
    @Nullable
    String get(String key) {
        return values.get(key);
    }
}
