// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * A program that has ended.
 *
 * @param status its exit status
 * @param output what it wrote to standard output and standard error
 */
public record Finished(int status, String output) {
    /** {@return the words {@code key=value} of the output by key; the last one of each counts} */
    public Map<String, String> values() {
        return valuesOf(output);
    }

    /**
     * {@return the words {@code key=value} of a text by key; the last one of each counts}
     *
     * @param text words separated by white space
     */
    public static Map<String, String> valuesOf(String text) {
        Map<String, String> values = new HashMap<>();
        for (String word : text.split("\\s+", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return values;
    }
}
