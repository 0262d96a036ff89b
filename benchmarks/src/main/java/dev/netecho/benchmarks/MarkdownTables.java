// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The figures as tables of a Markdown page, so that nobody types a number. */
final class MarkdownTables {
    static final String BEGIN = "<!-- figures -->";
    static final String END = "<!-- end of figures -->";

    private MarkdownTables() {}

    /**
     * Puts the tables between the two marks of a page, or makes a page of them where there is none.
     *
     * @param page the file
     * @param facts what identifies the machine
     * @param entries the figures
     * @param unmeasured experiments that gave less than they should, with the reason
     * @throws IOException if the page cannot be read or written, or has no marks
     */
    static void write(Path page, Map<String, String> facts, List<Figures.Entry> entries, Map<String, String> unmeasured)
            throws IOException {
        String text = Files.exists(page) ? Files.readString(page, StandardCharsets.UTF_8) : BEGIN + "\n" + END + "\n";
        Files.writeString(page, replace(text, tables(facts, entries, unmeasured)), StandardCharsets.UTF_8);
    }

    static String replace(String page, String tables) throws IOException {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    "the page has no lines \"" + BEGIN + "\" and \"" + END + "\" to put the tables between");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n\n" + tables + "\n" + page.substring(end);
    }

    static String tables(Map<String, String> facts, List<Figures.Entry> entries, Map<String, String> unmeasured) {
        StringBuilder text = new StringBuilder("| measured on | |\n|---|---|\n");
        facts.forEach((name, value) -> text.append(row(name, value)));
        text.append("\n| goal | figure | | command |\n|---|---|---|---|\n");
        for (Figures.Entry entry : entries) {
            entry.goal()
                    .ifPresent(goal -> text.append(row(
                            "`" + entry.name() + "` " + goal,
                            Figures.number(entry.value()) + ends(entry.name(), entries),
                            Figures.word(entry),
                            "`./benchmarks/run --only " + entry.experiment() + "`")));
        }
        unmeasured.forEach((experiment, reason) -> text.append(
                row("`" + experiment + "`", reason, "not measured", "`./benchmarks/run --only " + experiment + "`")));
        text.append("\n| figure without a goal | value | command |\n|---|---|---|\n");
        for (Figures.Entry entry : entries) {
            if (entry.goal().isEmpty() && !isEnd(entry.name(), entries)) {
                text.append(row(
                        "`" + entry.name() + "`",
                        Figures.number(entry.value()) + ends(entry.name(), entries),
                        "`./benchmarks/run --only " + entry.experiment() + "`"));
            }
        }
        return text.toString();
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder("|");
        for (String cell : cells) {
            row.append(' ').append(cell.replace("|", "\\|").replace('\n', ' ')).append(" |");
        }
        return row.append('\n').toString();
    }

    /** The spread of a figure, if it has one, such as {@code " (0.97 to 1.02)"}. */
    private static String ends(String name, List<Figures.Entry> entries) {
        String low = value(name + "_min", entries);
        String high = value(name + "_max", entries);
        return low.isEmpty() || high.isEmpty() ? "" : " (" + low + " to " + high + ")";
    }

    private static boolean isEnd(String name, List<Figures.Entry> entries) {
        return (name.endsWith("_min") || name.endsWith("_max"))
                && !value(name.substring(0, name.length() - "_min".length()), entries)
                        .isEmpty();
    }

    private static String value(String name, List<Figures.Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .map(entry -> Figures.number(entry.value()))
                .findFirst()
                .orElse("");
    }
}
