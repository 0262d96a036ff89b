// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What was measured: printed as it comes, and once more at the end as {@code name=value} lines. Thread-safe. */
public final class Figures {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    private final PrintStream out;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private String experiment = "none";

    /**
     * One figure.
     *
     * @param name lower-case words joined by underscores
     * @param value its value
     * @param experiment the experiment it came from
     * @param goal what it has to reach, if anything
     */
    record Entry(String name, double value, String experiment, Optional<Goal> goal) {
        boolean isMissed() {
            return goal.isPresent() && !goal.get().isReached(value);
        }
    }

    /**
     * What a figure has to reach.
     *
     * @param comparison on which side of the bound
     * @param bound the bound, which counts as reached
     */
    record Goal(Comparison comparison, double bound) {
        boolean isReached(double value) {
            return comparison.isReached(value, bound);
        }

        @Override
        public String toString() {
            return comparison + " " + number(bound);
        }
    }

    Figures(PrintStream out) {
        this.out = out;
    }

    /** Says which experiment the figures come from that are added from now on. */
    synchronized void begin(String name) {
        experiment = name;
    }

    /**
     * Adds a figure.
     *
     * @param name lower-case words joined by underscores; used once in a run
     * @param value a finite number
     */
    public void add(String name, double value) {
        add(name, value, Optional.empty());
    }

    /**
     * Adds a figure with its spread: {@code name} is the median, {@code name_min} and {@code name_max} its ends.
     *
     * @param name as for {@link #add(String, double)}
     * @param spread the figure
     */
    public void add(String name, Spread spread) {
        add(name, spread.median());
        addEnds(name, spread);
    }

    /**
     * Adds a figure that has to reach something.
     *
     * @param name as for {@link #add(String, double)}
     * @param value a finite number
     * @param comparison on which side of the bound the goal is reached
     * @param bound the bound; the value itself reaches the goal
     */
    public void goal(String name, double value, Comparison comparison, double bound) {
        add(name, value, Optional.of(new Goal(comparison, bound)));
    }

    /**
     * Adds a figure with its spread, whose median has to reach something.
     *
     * @param name as for {@link #add(String, Spread)}
     * @param spread the figure
     * @param comparison on which side of the bound the goal is reached
     * @param bound the bound; the value itself reaches the goal
     */
    public void goal(String name, Spread spread, Comparison comparison, double bound) {
        goal(name, spread.median(), comparison, bound);
        addEnds(name, spread);
    }

    private void addEnds(String name, Spread spread) {
        add(name + "_min", spread.lowest());
        add(name + "_max", spread.highest());
    }

    private synchronized void add(String name, double value, Optional<Goal> goal) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the figure is called \"" + name + "\"; use lower-case words joined by underscores");
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the figure " + name + " is " + value + "; add only what was measured");
        }
        Entry entry = new Entry(name, value, experiment, goal);
        if (entries.putIfAbsent(name, entry) != null) {
            throw new IllegalArgumentException(
                    "the figure " + name + " was added before; names are used once in a run");
        }
        String verdict = goal.map(it -> "   goal " + it + ": " + word(entry)).orElse("");
        out.println(String.format(Locale.ROOT, "  %-58s %12s%s", name, number(value), verdict));
    }

    /** {@return the figures so far, in the order in which they were added} */
    synchronized List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }

    /** Prints the goals, and at the very end every figure as {@code name=value}. */
    synchronized void printAll() {
        out.println();
        entries.values()
                .forEach(entry -> entry.goal()
                        .ifPresent(goal -> out.println("# goal " + entry.name() + " " + goal + ": " + word(entry))));
        entries.values().forEach(entry -> out.println(entry.name() + "=" + number(entry.value())));
        out.flush();
    }

    static String word(Entry entry) {
        return entry.isMissed() ? "missed" : "reached";
    }

    /**
     * {@return a number as figures are written: four significant digits behind the point for small ones, none for large
     * ones}
     */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        double size = Math.abs(value);
        int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
