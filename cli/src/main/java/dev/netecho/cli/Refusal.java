// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import java.util.List;
import java.util.Objects;

/** What a user reads if nothing can send here. */
final class Refusal {
    /** Begins each further remedy, for other places, in the texts of the backends. */
    private static final String ANOTHER = "; or ";

    private Refusal() {}

    /** {@return one line with what to type; if the providers could run after all, everything that was tried} */
    static String of(EchoUnavailableException e, List<EchoRequesterProvider> installed) {
        String everything = Objects.toString(e.getMessage());
        List<EchoRequesterProvider> own = Providers.ofThisSystem(installed).stream()
                .filter(provider -> everything.contains("\n  " + provider.name() + ": "))
                .toList();
        // A lack of descriptors may have passed when the providers are asked again: they would then say something else.
        if (own.isEmpty() || everything.contains("EMFILE") || everything.contains("ENFILE")) {
            return everything;
        }
        String remedy = "";
        for (EchoRequesterProvider provider : own) {
            Availability availability = provider.availability();
            if (availability.isAvailable()) {
                return withoutOthers(everything, installed, own);
            }
            if (remedy.isEmpty()) {
                remedy = availability.remedy();
            }
        }
        int further = remedy.indexOf(ANOTHER);
        String first = remedy.isEmpty() ? "none is known" : further < 0 ? remedy : remedy.substring(0, further);
        return "nothing can send here. Remedy: " + OneLine.of(first) + " (details: netecho doctor)";
    }

    /** Drops the lines about providers of other systems, which each begin with a name. */
    private static String withoutOthers(
            String everything, List<EchoRequesterProvider> installed, List<EchoRequesterProvider> own) {
        StringBuilder text = new StringBuilder();
        boolean dropping = false;
        for (String line : everything.split("\n", -1)) {
            if (!line.startsWith("    ")) {
                dropping = installed.stream()
                        .anyMatch(other -> !own.contains(other) && line.startsWith("  " + other.name() + ": "));
            }
            if (!dropping) {
                text.append(text.length() == 0 ? "" : "\n").append(line);
            }
        }
        return text.toString();
    }
}
