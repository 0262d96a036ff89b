// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What {@code contract-cases.md} says.
 *
 * @param cases in their order, C1 first
 * @param reasons what backends may do otherwise
 * @param skips the tests that need not run
 * @param tests those of modules that cannot depend on this one
 */
record ContractCases(
        List<ContractCase> cases, List<StatedReason> reasons, List<ExcusedSkip> skips, List<NamedTest> tests) {
    private static final Pattern RANGE = Pattern.compile("C(\\d+) to C(\\d+)");
    private static final String NO_RULE = "none";
    private static final String EVERY_BACKEND = "every";

    ContractCases {
        cases = List.copyOf(cases);
        reasons = List.copyOf(reasons);
        skips = List.copyOf(skips);
        tests = List.copyOf(tests);
    }

    /** {@return the cases of the project} */
    static ContractCases read() throws IOException {
        try (InputStream page = ContractCases.class.getResourceAsStream("contract-cases.md")) {
            return parse(new String(
                    Objects.requireNonNull(page, "contract-cases.md").readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads a page with the four tables.
     *
     * @throws IllegalArgumentException if a case is missing or doubled, or something names a case or backend that is
     *     not
     */
    static ContractCases parse(String page) {
        MarkdownTables tables = new MarkdownTables(page);
        List<ContractCase> cases = new ArrayList<>();
        for (List<String> row : tables.below("Cases", 3)) {
            String id = "C" + (cases.size() + 1);
            if (!row.get(0).equals(id)) {
                throw new IllegalArgumentException("case " + row.get(0) + " stands where " + id + " must");
            }
            cases.add(new ContractCase(id, row.get(1).equals(NO_RULE) ? List.of() : list(row.get(1)), row.get(2)));
        }
        List<StatedReason> reasons = new ArrayList<>();
        for (List<String> row : tables.below("Differences", 4)) {
            reasons.add(new StatedReason(ids(row.get(0), cases), backends(row.get(1)), may(row.get(2)), row.get(3)));
        }
        List<ExcusedSkip> skips = new ArrayList<>();
        for (List<String> row : tables.below("Skipped tests", 3)) {
            list(row.get(0)).forEach(what -> skips.add(new ExcusedSkip(what, backends(row.get(1)), row.get(2))));
        }
        List<NamedTest> tests = new ArrayList<>();
        for (List<String> row : tables.below("Tests by name", 3)) {
            tests.add(new NamedTest(row.get(0), row.get(1), ids(row.get(2), cases)));
        }
        return new ContractCases(cases, reasons, skips, tests);
    }

    private static List<String> list(String cell) {
        return Arrays.asList(cell.split(", *", -1));
    }

    private static Set<String> ids(String cell, List<ContractCase> cases) {
        Set<String> ids = new LinkedHashSet<>();
        for (String part : list(cell)) {
            Matcher range = RANGE.matcher(part);
            if (range.matches()) {
                IntStream.rangeClosed(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)))
                        .forEach(number -> ids.add("C" + number));
            } else {
                ids.add(part);
            }
        }
        for (String id : ids) {
            if (cases.stream().noneMatch(each -> each.id().equals(id))) {
                throw new IllegalArgumentException("\"" + id + "\" in \"" + cell + "\" is no case; there are C1 to C"
                        + cases.size() + ", written as \"C3, C7 to C9\"");
            }
        }
        return ids;
    }

    private static StatedReason.May may(String cell) {
        return Arrays.stream(StatedReason.May.values())
                .filter(may -> may.words().equals(cell))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + cell + "\" is none of "
                        + Arrays.stream(StatedReason.May.values())
                                .map(StatedReason.May::words)
                                .toList()));
    }

    private static Set<Backend> backends(String cell) {
        if (cell.equals(EVERY_BACKEND)) {
            return EnumSet.allOf(Backend.class);
        }
        Set<Backend> backends = EnumSet.noneOf(Backend.class);
        for (String name : list(cell)) {
            backends.add(Backend.of(name)
                    .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is no backend; there are "
                            + Arrays.stream(Backend.values()).map(Backend::id).toList() + " and " + EVERY_BACKEND)));
        }
        return backends;
    }
}
