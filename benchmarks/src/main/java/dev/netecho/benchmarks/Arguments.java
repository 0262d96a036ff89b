// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of the command.
 *
 * @param quick whether to measure shortly, in about three minutes altogether
 * @param list whether only to list the experiments
 * @param help whether only to print the help
 * @param only the experiments to run; empty for all
 * @param pairs how many pairs of turns; empty for the default
 * @param seconds the length of a turn; empty for the default
 * @param markdown the file that gets the tables, if any
 */
record Arguments(
        boolean quick,
        boolean list,
        boolean help,
        Set<String> only,
        Optional<Integer> pairs,
        Optional<Double> seconds,
        Optional<Path> markdown) {
    static final String HELP = """
            usage: benchmarks/run [--quick] [--only NAME[,NAME]] [--pairs N] [--seconds S] [--markdown FILE] [--list] [--help]

            Builds what is missing, then measures the library beside C and other programs, in a network namespace of its own.
              --quick          about three minutes altogether: fewer and shorter turns, so wider spreads
              --only NAME,...  these experiments
              --pairs N        pairs of turns per comparison (7; quick 3)
              --seconds S      length of a turn (2; quick 0.25)
              --markdown FILE  also write the tables into FILE, between its lines <!-- figures --> and <!-- end of figures -->
              --list           list the experiments

            The last lines are the figures, name=value. Exit status: 0 all ran, 1 one failed, 2 wrong usage.
            A goal that is missed does not change the status: the line "# goal NAME ...: missed" says it.""";

    /**
     * {@return the arguments}
     *
     * @param words the words of the command line
     * @param known the names of the experiments
     * @throws UsageException if they make no sense
     */
    static Arguments parse(List<String> words, List<String> known) throws UsageException {
        boolean quick = false;
        boolean list = false;
        boolean help = false;
        Set<String> only = new LinkedHashSet<>();
        Optional<Integer> pairs = Optional.empty();
        Optional<Double> seconds = Optional.empty();
        Optional<Path> markdown = Optional.empty();
        Deque<String> rest = new ArrayDeque<>(words);
        while (!rest.isEmpty()) {
            String word = rest.pop();
            switch (word) {
                case "--quick" -> quick = true;
                case "--list" -> list = true;
                case "--help", "-h" -> help = true;
                case "--only" -> only.addAll(names(value(word, rest), known));
                case "--pairs" -> pairs = Optional.of(whole(word, value(word, rest), 1, 1000));
                case "--seconds" -> seconds = Optional.of(number(word, value(word, rest), 0.05, 600));
                case "--markdown" -> markdown = Optional.of(Path.of(value(word, rest)));
                default -> throw new UsageException("unknown argument \"" + word + "\"; --help lists them");
            }
        }
        return new Arguments(quick, list, help, only, pairs, seconds, markdown);
    }

    private static String value(String option, Deque<String> rest) throws UsageException {
        String value = rest.poll();
        if (value == null) {
            throw new UsageException(option + " needs a value; --help says which");
        }
        return value;
    }

    private static List<String> names(String value, List<String> known) throws UsageException {
        List<String> names = List.of(value.split(",", -1));
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageException(
                        "there is no experiment \"" + name + "\"; there are " + String.join(", ", known));
            }
        }
        return names;
    }

    private static int whole(String option, String value, int least, int most) throws UsageException {
        double number = number(option, value, least, most);
        if (number != Math.rint(number)) {
            throw outOfRange(option, value, least, most);
        }
        return (int) number;
    }

    private static double number(String option, String value, double least, double most) throws UsageException {
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number out of range.
        }
        throw outOfRange(option, value, least, most);
    }

    private static UsageException outOfRange(String option, String value, double least, double most) {
        return new UsageException(
                option + " is \"" + value + "\"; it must be " + Figures.number(least) + " to " + Figures.number(most));
    }
}
