// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.OpenFiles;
import dev.netecho.sweep.Sweep;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code netecho}: the process that runs its sub-commands. */
public final class NetechoCommand {
    private static final String NAME = "netecho: ";

    /** What HotSpot says. */
    private static final String HEAP_IS_FULL = "Java heap space";

    /** In the order of the usage. */
    private static final List<String> COMMANDS =
            List.of("ping", "trace", "mtu", "monitor", "sweep", "agent", "doctor", "completion");

    private static final String[] FOOTER = {
        "",
        "  netecho 127.0.0.1                  ping a host until Ctrl-C, as netecho ping 127.0.0.1 does",
        "  netecho ping -c 3 --json -f FILE   ping every host of a file, JSON lines out",
        "  netecho trace 127.0.0.1            the hops to a host, their loss and round-trip times",
        "  netecho mtu 127.0.0.1              the largest packet that reaches a host unfragmented",
        "  netecho monitor -f FILE            which hosts are up, as it changes; a live view on a terminal",
        "  netecho sweep 10.0.0.0/24          which hosts of a network answer",
        "  netecho agent --config FILE        watch hosts for Prometheus, until it is ended",
        "  netecho doctor                     what can send here, and what to type if nothing can",
        "  netecho help ping                  every option of ping",
        "",
        "Exit status: 0 every target replied and no request was lost, 1 otherwise, 2 wrong usage or no backend."
    };

    private NetechoCommand() {}

    /**
     * Runs the command and ends the process with its exit status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        try {
            prepareForShortage();
        } catch (NoClassDefFoundError e) {
            endIfNothingCanBeRead();
            throw e;
        }
        WatchedOutput stdout = new WatchedOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(new BufferedOutputStream(stdout, 1 << 16), false, StandardCharsets.UTF_8);
        InterruptHook hook = InterruptHook.install(stdout::written);
        BlockedSignals.take(hook);
        CommandContext context = new CommandContext(
                standardInput(),
                out,
                System.err,
                Terminal.ofStandardOutput(System.getenv()),
                isRoot(),
                Providers::installed,
                InetAddress::getAllByName,
                Sweep::ways,
                hook::running);
        int status = execute(context, args);
        String trouble = stdout.trouble();
        if (trouble != null) {
            System.err.println(NAME + "cannot write to standard output: " + OneLine.of(trouble));
            status = ExitStatus.UNUSABLE;
        } else if (stdout.failed()) {
            status = Math.max(status, ExitStatus.UNANSWERED);
        }
        hook.finished(status);
        if (status == ExitStatus.UNUSABLE && OpenFiles.areScarce()) {
            // A shutdown hook of the JDK would print a stack trace.
            Runtime.getRuntime().halt(status);
        }
        System.exit(status);
    }

    /**
     * The jars of a class path are opened when they are first needed. So this uses only constants, which are inlined.
     */
    private static void endIfNothingCanBeRead() {
        try (FileInputStream readable = new FileInputStream("/dev/null")) {
            readable.read();
        } catch (IOException e) {
            System.err.println(NAME + OpenFiles.WHY + "; " + OpenFiles.REMEDY);
            Runtime.getRuntime().halt(ExitStatus.UNUSABLE);
        }
    }

    /** Loads what {@link #unexpected} needs: without descriptors, no class can be read from a folder. */
    private static void prepareForShortage() {
        OpenFiles.areScarce();
        OneLine.of("");
    }

    /**
     * {@return standard input; a stream that cannot be read if it is closed} The script says if it is. Otherwise
     * descriptor 0 would be the first file that the JVM opened, its own lib/modules.
     */
    private static InputStream standardInput() {
        boolean closed = "closed".equals(System.getProperty("netecho.stdin"));
        try {
            Path home = Path.of(System.getProperty("java.home")).toRealPath();
            closed |= Path.of("/proc/self/fd/0").toRealPath().startsWith(home);
        } catch (IOException e) {
            // Not a file of the JVM: a pipe, a terminal, or a system that does not say.
        }
        if (!closed) {
            return System.in;
        }
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("standard input is closed");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
    }

    /** {@return the exit status of a command line that is run in this process} */
    static int execute(CommandContext context, String... args) {
        try {
            List<String> words = FirstWord.completed(COMMANDS, List.of(args));
            boolean named = !words.isEmpty() && COMMANDS.contains(words.get(0));
            CommandLine commandLine = commandLine(context, named ? List.of(words.get(0)) : COMMANDS);
            int status = commandLine.execute(words.toArray(String[]::new));
            context.out().flush();
            return status;
        } catch (UsageException e) {
            return complain(context, OneLine.of(e.getMessage()));
        } catch (Throwable t) { // whatever it is, the user gets one line and no stack trace
            return unexpected(context, t);
        }
    }

    /** {@return the whole command, for its usage and for what is made of that} */
    static CommandLine commandLine(CommandContext context) {
        return commandLine(context, COMMANDS);
    }

    /** Makes the named commands only: a run needs one, and each takes a while to make. */
    private static CommandLine commandLine(CommandContext context, List<String> names) {
        CommandLine commandLine = new CommandLine(new Usage().spec);
        commandLine.getCommandSpec().versionProvider(new ProjectVersion("", context.providers()));
        for (String name : names) {
            commandLine.addSubcommand(
                    command(name, context).versionProvider(new ProjectVersion(name, context.providers())));
        }
        Complaints complaints = new Complaints(context);
        return commandLine
                .setOut(new PrintWriter(context.out(), false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(complaints)
                .setExecutionExceptionHandler(complaints);
    }

    private static CommandSpec command(String name, CommandContext context) {
        return switch (name) {
            case "ping" -> new PingCommand(context).spec();
            case "trace" -> new TraceCommand(context).spec();
            case "mtu" -> new MtuCommand(context).spec();
            case "monitor" -> new MonitorCommand(context).spec();
            case "sweep" -> new SweepCommand(context).spec();
            case "agent" -> new AgentCommand(context).spec();
            case "doctor" -> new DoctorCommand(context).spec();
            case "completion" -> new CompletionCommand(context).spec();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Java does not tell the user's number, but the owner of the process's own folder is that user; proc(5). */
    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | RuntimeException e) {
            return false; // not known, for instance on Windows
        }
    }

    /** {@return what an unknown option may be meant to be; empty if it is like none} */
    private static String meant(CommandLine.ParameterException e) {
        if (e.getCommandLine().getCommandName().equals("ping")) {
            String instead = PingLetters.instead(String.valueOf(e.getMessage()));
            if (!instead.isEmpty()) {
                return instead;
            }
        }
        List<String> like = e instanceof CommandLine.UnmatchedArgumentException unmatched && unmatched.isUnknownOption()
                ? unmatched.getSuggestions()
                : List.of();
        return like.isEmpty() ? "" : "; did you mean " + like.get(0) + "?";
    }

    private static int complain(CommandContext context, String message) {
        context.out().flush();
        context.err().println(NAME + message);
        context.err().flush();
        return ExitStatus.UNUSABLE;
    }

    private static int unexpected(CommandContext context, Throwable t) {
        for (Throwable cause = t; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError shortage) {
                return complain(context, memoryShortage(shortage));
            }
        }
        return complain(
                context,
                OpenFiles.areScarce()
                        ? OneLine.of(OpenFiles.WHY + "; " + OpenFiles.REMEDY + " (" + t + ")")
                        : OneLine.of("unexpected error, please report it: " + t));
    }

    /** Besides the heap, a JVM can run out of native memory and of threads, which it names. */
    private static String memoryShortage(OutOfMemoryError shortage) {
        String which = OneLine.of(String.valueOf(shortage.getMessage()));
        long megabytes = Runtime.getRuntime().maxMemory() >> 20;
        return "out of memory: " + which
                + (which.equals(HEAP_IS_FULL)
                        ? ", which is at most " + megabytes + " MB; allow more, such as NETECHO_JAVA_OPTS=-Xmx"
                                + 2 * megabytes + "m, or name fewer targets at a time"
                        : "; free memory on this host, or raise the limits of this process");
    }

    /**
     * What to say if a command fails. Not lambdas: the JVM's archive of classes leaves out classes of Java 5, as those
     * of picocli are, if the class of a lambda refers to them.
     */
    private static final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {
        private final CommandContext context;

        Complaints(CommandContext context) {
            this.context = context;
        }

        @Override
        public int handleParseException(CommandLine.ParameterException e, String[] args) {
            String help = e.getCommandLine().getCommandSpec().qualifiedName();
            return complain(context, OneLine.of(e.getMessage()) + meant(e) + "; see " + help + " --help");
        }

        @Override
        public int handleExecutionException(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
            if (e instanceof UsageException) {
                return complain(context, OneLine.of(e.getMessage()));
            }
            if (e instanceof EchoUnavailableException unavailable) {
                return complain(
                        context, Refusal.of(unavailable, context.providers().get()));
            }
            return unexpected(context, e);
        }
    }

    /** Without a sub-command there is nothing to do: the usage goes to standard error. */
    private static final class Usage implements Callable<Integer> {
        final CommandSpec spec =
                Options.command(this, "netecho", "Sends ICMP echo requests and reports what came back.", List.of());

        Usage() {
            spec.usageMessage()
                    .synopsisSubcommandLabel("(ping | trace | mtu | monitor | sweep | agent | doctor | completion)")
                    .footer(FOOTER);
        }

        @Override
        public Integer call() {
            CommandLine commandLine = spec.commandLine();
            commandLine.usage(commandLine.getErr());
            return ExitStatus.UNUSABLE;
        }
    }
}
