// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes a page for man(1) of each command, from the options and texts of its help; the build runs it. */
final class ManPages {
    private ManPages() {}

    /**
     * Writes the pages.
     *
     * @param args the folder, such as {@code target/man/man1}
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        CommandContext nothing = new CommandContext(
                InputStream.nullInputStream(),
                System.out,
                System.err,
                Terminal.NONE,
                false,
                List::of,
                InetAddress::getAllByName,
                List::of,
                run -> {});
        CommandLine netecho = NetechoCommand.commandLine(nothing);
        write(folder, netecho.getCommandSpec());
        for (CommandLine command : netecho.getSubcommands().values()) {
            write(folder, command.getCommandSpec());
        }
    }

    private static void write(Path folder, CommandSpec spec) throws IOException {
        Files.writeString(folder.resolve(spec.qualifiedName("-") + ".1"), page(spec), StandardCharsets.UTF_8);
    }

    /** {@return the page in the macros of man(7)} */
    static String page(CommandSpec spec) throws IOException {
        String name = spec.qualifiedName("-");
        StringBuilder page = new StringBuilder(".\\\" Made by the build from the help of the command.\n.TH ")
                .append(text(name.toUpperCase(Locale.ROOT)))
                .append(" 1 \"\" \"netecho ")
                .append(text(ProjectVersion.number()))
                .append("\" Netecho\n.SH NAME\n")
                .append(text(name + " - " + String.join(" ", spec.usageMessage().description())))
                .append("\n.SH SYNOPSIS\n.B ")
                .append(text(spec.qualifiedName()))
                .append("\n[OPTION]...");
        if (!spec.subcommands().isEmpty()) {
            page.append(" [COMMAND] ...");
        }
        for (PositionalParamSpec positional : spec.positionalParameters()) {
            page.append(' ')
                    .append(text(positional.paramLabel()))
                    .append(positional.arity().max() > 1 ? "..." : "");
        }
        page.append("\n.SH OPTIONS\n");
        for (OptionSpec option : spec.options()) {
            item(
                    page,
                    "\\fB" + text(String.join(", ", option.names())) + "\\fR",
                    option.paramLabel(),
                    option.arity().max());
            page.append(text(String.join(" ", option.description()))).append('\n');
        }
        for (PositionalParamSpec positional : spec.positionalParameters()) {
            item(page, "", positional.paramLabel(), 1);
            page.append(text(String.join(" ", positional.description()).replace("%%", "%")))
                    .append('\n');
        }
        if (!spec.subcommands().isEmpty()) {
            page.append(".SH COMMANDS\n");
            spec.subcommands().forEach((command, line) -> {
                item(page, "\\fB" + text(command) + "\\fR", "", 0);
                page.append(text(String.join(
                                " ", line.getCommandSpec().usageMessage().description())))
                        .append('\n');
            });
        }
        page.append(".SH NOTES\n.nf\n");
        for (String line : spec.usageMessage().footer()) {
            page.append(text(line)).append('\n');
        }
        return page.append(".fi\n").toString();
    }

    private static void item(StringBuilder page, String name, String label, int values) {
        page.append(".TP\n").append(name);
        if (values > 0) {
            page.append(name.isEmpty() ? "" : " ")
                    .append("\\fI")
                    .append(text(label))
                    .append("\\fR");
        }
        page.append('\n');
    }

    /** {@return a line whose characters mean themselves in roff(7)} */
    private static String text(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
