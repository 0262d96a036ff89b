// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoUnavailableException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;

/** The command {@code netecho}: the process around its sub-commands. */
@Command(
        name = "netecho",
        mixinStandardHelpOptions = true,
        description = "Sends ICMP echo requests and says truthfully what came back.",
        versionProvider = ProjectVersion.class,
        synopsisSubcommandLabel = "(ping | doctor)",
        footer = {
            "",
            "  netecho ping 127.0.0.1             ping a host until Ctrl-C",
            "  netecho ping -c 3 --json -f FILE   ping every host of a file, JSON lines out",
            "  netecho doctor                     what can send here, and what to type if nothing can",
            "",
            "Exit status: 0 every request was answered, 1 some were not, 2 wrong usage or no backend."
        })
public final class NetechoCommand implements Callable<Integer> {
    private static final String NAME = "netecho: ";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    NetechoCommand() {}

    /**
     * Runs the command and ends the process with its exit status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        WatchedOutput stdout = new WatchedOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(new BufferedOutputStream(stdout, 1 << 16), false, StandardCharsets.UTF_8);
        InterruptHook hook = InterruptHook.install();
        CommandContext context = new CommandContext(
                System.in, out, System.err, Terminal.isStandardOutput(), Providers::installed, hook::onInterrupt);
        int status = execute(context, args);
        String trouble = stdout.trouble();
        if (trouble != null) {
            System.err.println(NAME + "cannot write to standard output: " + OneLine.of(trouble));
            status = ExitStatus.UNUSABLE;
        } else if (stdout.failed()) {
            status = Math.max(status, ExitStatus.UNANSWERED);
        }
        hook.finished(status);
        System.exit(status);
    }

    /** {@return the exit status of a command line that is run in this process} */
    static int execute(CommandContext context, String... args) {
        try {
            int status = commandLine(context).execute(args);
            context.out().flush();
            return status;
        } catch (Throwable t) { // whatever it is, the user gets one line and no stack trace
            return unexpected(context, t);
        }
    }

    private static CommandLine commandLine(CommandContext context) {
        CommandLine commandLine = new CommandLine(new NetechoCommand())
                .addSubcommand(new PingCommand(context))
                .addSubcommand(new DoctorCommand(context))
                .setOut(new PrintWriter(context.out(), false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100);
        IParameterExceptionHandler wrongUsage = (e, args) -> {
            String help = e.getCommandLine().getCommandSpec().qualifiedName();
            return complain(context, OneLine.of(e.getMessage()) + "; see " + help + " --help");
        };
        IExecutionExceptionHandler failed = (e, line, parsed) -> {
            if (e instanceof UsageException) {
                return complain(context, OneLine.of(e.getMessage()));
            }
            if (e instanceof EchoUnavailableException) {
                return complain(context, Objects.toString(e.getMessage()));
            }
            return unexpected(context, e);
        };
        return commandLine.setParameterExceptionHandler(wrongUsage).setExecutionExceptionHandler(failed);
    }

    private static int complain(CommandContext context, String message) {
        context.out().flush();
        context.err().println(NAME + message);
        context.err().flush();
        return ExitStatus.UNUSABLE;
    }

    private static int unexpected(CommandContext context, Throwable t) {
        return complain(context, OneLine.of("unexpected error, please report it: " + t));
    }

    /** Without a sub-command there is nothing to do: the usage goes to standard error. */
    @Override
    public Integer call() {
        CommandLine commandLine = Objects.requireNonNull(spec, "spec").commandLine();
        commandLine.usage(commandLine.getErr());
        return ExitStatus.UNUSABLE;
    }
}
