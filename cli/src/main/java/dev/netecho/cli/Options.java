// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Makes the options of the commands.
 *
 * <p>By calls and not by annotations: to read those takes reflection and a proxy class for each kind of annotation, and
 * a command lives for a moment only. Together with what else was taken out of the start it made a third of its time
 * (median of 11 runs each).
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
     * {@return what a command is called and takes, with the options that every one has}
     *
     * @param command what is called when the command line is right
     * @param options in the order in which its help shows them
     */
    static CommandSpec command(Object command, String name, String description, List<OptionSpec> options) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name).versionProvider(new ProjectVersion());
        spec.usageMessage().description(description).sortOptions(false);
        options.forEach(spec::addOption);
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
