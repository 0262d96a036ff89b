// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Arrays;
import java.util.List;

/**
 * One line of a result file: tab-separated, so that any tool can read it.
 *
 * @param backend the provider's name, or {@code core}
 * @param rule the rule's id; empty if the test names none
 * @param cases the cases' ids; may be empty
 * @param test class and method
 * @param result how it ended
 * @param reason why it did not pass; empty if it did
 */
record RecordedResult(String backend, String rule, List<String> cases, String test, Result result, String reason) {
    private static final int FIELDS = 6;
    private static final int LONGEST_REASON = 300;

    RecordedResult {
        cases = List.copyOf(cases);
    }

    String toLine() {
        return String.join(
                "\t",
                text(backend),
                text(rule),
                text(String.join(",", cases)),
                text(test),
                result.name(),
                text(reason));
    }

    static RecordedResult parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "\"" + line + "\" has " + fields.length + " fields; a result has " + FIELDS);
        }
        List<String> cases = fields[2].isEmpty() ? List.of() : Arrays.asList(fields[2].split(",", -1));
        return new RecordedResult(fields[0], fields[1], cases, fields[3], Result.valueOf(fields[4]), fields[5]);
    }

    /** Messages of assertions have many lines; a field has one. */
    private static String text(String field) {
        String line = field.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " ...";
    }
}
