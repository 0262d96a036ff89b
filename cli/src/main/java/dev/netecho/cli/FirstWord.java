// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a command line begins with: a command, a call for help, or what is to be pinged. */
final class FirstWord {
    private static final Set<String> OF_EVERY_COMMAND = Set.of("-h", "--help", "-V", "--version");

    /** A host has such characters in its address or in its full name; a mistyped command has not. */
    private static final String ONLY_IN_HOSTS = ".:0123456789";

    private FirstWord() {}

    /** {@return the command line with the command that it leaves out} */
    static List<String> completed(Collection<String> commands, List<String> args) throws UsageException {
        if (args.isEmpty() || commands.contains(args.get(0)) || OF_EVERY_COMMAND.contains(args.get(0))) {
            return args;
        }
        String first = args.get(0);
        if (first.equals("help")) {
            boolean about = args.size() > 1 && commands.contains(args.get(1));
            return about ? List.of(args.get(1), "--help") : List.of("--help");
        }
        if (first.chars().noneMatch(c -> ONLY_IN_HOSTS.indexOf(c) >= 0)) {
            for (String command : commands) {
                if (isLike(command, first)) {
                    throw new UsageException("there is no command " + OneLine.quoted(first) + "; did you mean "
                            + command + "? To ping a host of that name: netecho ping " + OneLine.of(first));
                }
            }
        }
        return Stream.concat(Stream.of("ping"), args.stream()).toList();
    }

    /** {@return whether one slip of the finger, or two in a longer word, makes one of the other} */
    private static boolean isLike(String command, String given) {
        return !given.startsWith("-") && distance(command, given) <= (command.length() < 5 ? 1 : 2);
    }

    /** Damerau's: characters left out, added, replaced, or exchanged with their neighbour. */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + other);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
