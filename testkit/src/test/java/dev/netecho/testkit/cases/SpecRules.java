// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ids of the rules in SPEC.md, where a rule is a paragraph that begins with its id in bold. */
final class SpecRules {
    private static final Pattern RULE = Pattern.compile("(?m)^\\*\\*([A-Z]+-[0-9]+)\\*\\*");

    private SpecRules() {}

    /**
     * Reads the ids.
     *
     * @throws IllegalArgumentException if there is none: the page is another one, or is written in another way
     */
    static Set<String> read(Path spec) throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        Matcher rules = RULE.matcher(Files.readString(spec));
        while (rules.find()) {
            ids.add(rules.group(1));
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException(spec + " has no rule: no line begins like \"**REQ-1**\"");
        }
        return ids;
    }
}
