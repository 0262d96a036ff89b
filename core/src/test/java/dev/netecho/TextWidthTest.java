// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The lines of the whole project end at column 120, and a comment after code at column 100. Spotless breaks neither
 * comments nor string literals, and formats Java only.
 */
class TextWidthTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int WIDTH = 120;

    /** Of lines with a comment after code: see CONTRIBUTING.md. */
    private static final int TRAILING_WIDTH = 100;

    /** Code that begins no comment, with its string and character literals whole, and then a comment. */
    private static final Pattern COMMENT_AFTER_CODE =
            Pattern.compile("^ *+(?!//|/?\\*)(?:\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])*+'|(?!//)[^\"'])++//");

    /** Build output, git, and the Maven wrapper, which is another project's. */
    private static final Set<String> SKIPPED = Set.of("target", ".git", ".mvn");

    @Test
    void everyLineIsShortEnough() throws IOException {
        List<String> found = new ArrayList<>();
        List<String> trailing = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skipped = SKIPPED.contains(folder.getFileName().toString());
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (isChecked(file)) {
                    String text = Files.readString(file, StandardCharsets.UTF_8);
                    found.addAll(tooLong(ROOT.relativize(file).toString(), text));
                }
                if (hasTrailingComments(file.toString())) {
                    String text = Files.readString(file, StandardCharsets.UTF_8);
                    trailing.addAll(trailingTooFar(ROOT.relativize(file).toString(), text));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(found).as("lines that are too long").isEmpty();
        assertThat(trailing)
                .as("comments after code that go past column 100: put them above it")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "A.java; 121; false; // too long",
                "A.md;   121; false; - too long",
                "run;    121; false; # too long",
                "p.xml;  121; false; <!-- too long",
                "A.java; 120; true;  // fits",
                "A.md;   121; true;  | a table",
                "p.xml;  121; true;  <argument>",
            })
    void aLineIsTooLongFromSomeColumnOn(String file, int length, boolean fits, String begin) {
        String line = begin + "x".repeat(length - begin.length());
        assertThat(tooLong(file, line).isEmpty()).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "A.java; 101; false; `a = b; // too far`",
                "A.java; 101; false; `} else { // too far`",
                "A.java; 101; false; `a(\"\\\"\"); // too far`",
                "a.c;    101; false; `a = b; // too far`",
                "A.java; 100; true;  `a = b; // fits`",
                "A.java; 120; true;  `    // a line of its own`",
                "A.java; 120; true;  `     * Javadoc; // with code`",
                "A.java; 120; true;  `a(\"https://a.string/`",
                "A.md;   120; true;  `code; // elsewhere`",
            })
    void aCommentAfterCodeEndsEarlier(String file, int length, boolean fits, String begin) {
        String line = begin + "x".repeat(length - begin.length());
        assertThat(trailingTooFar(file, line).isEmpty()).isEqualTo(fits);
    }

    private static boolean isChecked(Path file) throws IOException {
        String name = file.getFileName().toString();
        return name.endsWith(".java")
                || name.endsWith(".md")
                || name.endsWith(".xml")
                || name.endsWith(".yml")
                || (!name.contains(".") && !name.equals("mvnw") && isScript(file));
    }

    private static boolean isScript(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.read() == '#' && in.read() == '!';
        }
    }

    /** Tables stay on their lines: those of Markdown, and in Java text blocks and what spotless leaves alone. */
    private static List<String> tooLong(String file, String text) {
        List<String> found = new ArrayList<>();
        boolean table = false;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            boolean java = file.endsWith(".java");
            if (java && (line.contains("// spotless:off") || line.contains("// spotless:on"))) {
                table = line.contains("// spotless:off");
            } else if (java && line.split("\"\"\"", -1).length == 2) {
                table = !table;
            } else if (!table && !mayBeLong(file, line) && line.length() > WIDTH) {
                found.add(file + ":" + number);
            }
        }
        return found;
    }

    private static boolean hasTrailingComments(String file) {
        return file.endsWith(".java") || file.endsWith(".c");
    }

    /** Tables that spotless leaves alone may have notes at their side. */
    private static List<String> trailingTooFar(String file, String text) {
        List<String> found = new ArrayList<>();
        boolean table = false;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.contains("// spotless:off") || line.contains("// spotless:on")) {
                table = line.contains("// spotless:off");
            } else if (!table
                    && hasTrailingComments(file)
                    && line.length() > TRAILING_WIDTH
                    && COMMENT_AFTER_CODE.matcher(line).find()) {
                found.add(file + ":" + number);
            }
        }
        return found;
    }

    /** The rows of a table in Markdown; in XML, an element that cannot be broken. */
    private static boolean mayBeLong(String file, String line) {
        return (file.endsWith(".md") && line.startsWith("|"))
                || (file.endsWith(".xml")
                        && line.strip().startsWith("<")
                        && !line.strip().startsWith("<!--"));
    }
}
