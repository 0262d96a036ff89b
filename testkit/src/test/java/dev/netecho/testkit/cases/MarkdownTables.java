// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a Markdown page, one below each heading of the second level. */
final class MarkdownTables {
    private final Map<String, List<List<String>>> rows = new LinkedHashMap<>();

    /** Reads a page; no cell may hold a {@code |}. */
    MarkdownTables(String page) {
        String heading = "";
        boolean begun = false;
        for (String line : page.lines().map(String::strip).toList()) {
            if (line.startsWith("## ")) {
                heading = line.substring(3);
                begun = false;
            } else if (line.startsWith("|---")) {
                begun = true;
            } else if (begun && line.startsWith("|")) {
                rows.computeIfAbsent(heading, name -> new ArrayList<>()).add(cells(line));
            }
        }
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    /**
     * {@return the rows below a heading, without those of the head}
     *
     * @throws IllegalArgumentException if there are none, or one has another number of cells
     */
    List<List<String>> below(String heading, int cells) {
        List<List<String>> found = rows.getOrDefault(heading, List.of());
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no table below \"## " + heading + "\"; there are " + rows.keySet());
        }
        for (List<String> row : found) {
            if (row.size() != cells) {
                throw new IllegalArgumentException(
                        "row " + row + " below \"" + heading + "\" has " + row.size() + " cells, not " + cells);
            }
        }
        return found;
    }
}
