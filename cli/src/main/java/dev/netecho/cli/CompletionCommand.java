// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code netecho completion}: the script that makes a shell complete commands and options. */
final class CompletionCommand implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "  source <(netecho completion bash)      for this shell; add the line to ~/.bashrc for every one",
        "  source <(netecho completion zsh)       the same for zsh, in ~/.zshrc"
    };

    private final PositionalParamSpec shell = PositionalParamSpec.builder()
            .paramLabel("bash|zsh")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("The shell to write it for.")
            .build();
    private final CommandContext context;
    private final CommandSpec spec;

    CompletionCommand(CommandContext context) {
        this.context = context;
        this.spec = Options.command(
                this, "completion", "Prints a script that completes commands and options in a shell.", List.of());
        spec.addPositional(shell).usageMessage().footer(FOOTER);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws UsageException {
        String given = shell.getValue();
        if (!given.equals("bash") && !given.equals("zsh")) {
            throw new UsageException("the shell is " + OneLine.quoted(given) + "; it must be bash or zsh");
        }
        context.out().print(AutoComplete.bash("netecho", NetechoCommand.commandLine(context)));
        return ExitStatus.ANSWERED;
    }
}
