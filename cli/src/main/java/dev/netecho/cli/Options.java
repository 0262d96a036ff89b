// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Makes the options of the commands.
 *
 * <p>With calls and not with annotations. Reading annotations takes reflection and a proxy class for each kind, and a
 * command runs for a moment only. With other savings this made the start a third faster (median of 11 runs).
 */
final class Options {
    private Options() {}

    /** {@return an option with a value, which is null unless it is given} */
    static OptionSpec value(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .description(description)
                .type(String.class)
                .build();
    }

    /** {@return an option with a value} */
    static OptionSpec value(String name, String label, String otherwise, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .description(description)
                .type(String.class)
                .defaultValue(otherwise)
                .build();
    }

    /** {@return an option with a value that may be given several times} */
    static OptionSpec values(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .description(description)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .build();
    }

    /** {@return an option without a value} */
    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .description(description)
                .type(boolean.class)
                .build();
    }

    static boolean isGiven(OptionSpec flag) {
        return Boolean.TRUE.equals(flag.getValue());
    }

    /**
     * {@return a command with its name, its options, and the options that every command has}
     *
     * @param command what to call if the command line is right
     * @param options in the order in which its help shows them
     */
    static CommandSpec command(Object command, String name, String description, List<OptionSpec> options) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage().description(description).sortOptions(false);
        // No lambda of CommandSpec: see NetechoCommand.Complaints.
        for (OptionSpec option : options) {
            spec.addOption(option);
        }
        return spec.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }
}
