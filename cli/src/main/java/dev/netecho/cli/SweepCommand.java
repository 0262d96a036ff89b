// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code netecho sweep}: which hosts of a network answer. */
final class SweepCommand implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "  netecho sweep 10.0.0.0/24                        who answers",
        "  netecho sweep -a 10.0.0.0/16 > alive             only their addresses",
        "  netecho sweep --rate 50k --checkpoint FILE 10.0.0.0/8",
        "  netecho sweep --shard 3/20 10.0.0.0/8            the fourth of twenty parts, 0/20 to 19/20",
        "",
        "A RANGE is a network (10.0.0.0/24), two ends (10.0.0.1-10.0.0.9) or one address, of IPv4 or IPv6.",
        "Every address is asked once, in a random order. Addresses that are no hosts, and those of this host,",
        "are refused: loopback and reserved ones unless the range lies within them, own ones unless they are",
        "given alone. Hosts whose answer this host may have lost are asked again, or else are unsure.",
        "",
        "Ctrl-C ends the sweep, and says how to continue it; Ctrl-\\ (SIGQUIT) prints how far it is to",
        "standard error.",
        "",
        "--json prints objects of type plan, host (result: reply, duplicate, error, silent, unsure) and sweep.",
        "",
        "Exit status: 0 every address replied, 1 otherwise, or the sweep of the checkpoint was complete already,",
        "2 wrong usage or no backend."
    };

    private final OptionSpec rate =
            Options.value("--rate", "N", "10k", "Send at most N probes a second, such as 500, 50k or 1M. Default: 10k");
    private final OptionSpec exclusions =
            Options.values("--exclude", "FILE", "Leave out the ranges of FILE, one a line; # comments.");
    private final OptionSpec files =
            Options.values("-f", "FILE", "Read ranges from FILE (- is standard input), one a line; # comments.");
    private final OptionSpec shard = Options.value("--shard", "I/N", "0/1", "Ask part I of N, counted from 0.");
    private final OptionSpec checkpoint =
            Options.value("--checkpoint", "FILE", "Write FILE from time to time, and continue from it if it exists.");
    private final OptionSpec seed =
            Options.value("--seed", "N", "Decides the order; the same for all shards. Default: chosen.");
    private final OptionSpec coolDown =
            Options.value("-W", "SECONDS", "2", "Wait this long for an answer, 0.001 to 3600. Default: 2");
    private final OptionSpec retries =
            Options.value("-r", "N", "0", "Ask silent hosts again N times, 0 to 10. Default: 0");
    private final OptionSpec way = Options.value("--way", "NAME", "Send by this way. Default: the best that works.");
    private final OptionSpec provider =
            Options.value("--provider", "NAME", "Send by this provider; netecho doctor lists them.");
    private final OptionSpec alive = OptionSpec.builder("-a", "--alive")
            .description("Print only the addresses that replied.")
            .type(boolean.class)
            .build();
    private final OptionSpec silent =
            Options.flag("-u", "Print only the addresses that sent nothing: no reply, no ICMP error.");
    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final OptionSpec output = Options.value("-o", "FILE", "Write the hosts to FILE.");
    private final PositionalParamSpec ranges = PositionalParamSpec.builder()
            .paramLabel("RANGE")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Such as 10.0.0.0/24, 10.0.0.1-10.0.0.9 or 2001:db8::7.")
            .build();
    private final CommandContext context;
    private final CommandSpec spec;

    SweepCommand(CommandContext context) {
        this.context = context;
        this.spec = Options.command(
                this,
                "sweep",
                "Asks every address of a network once, and says who answers.",
                List.of(
                        rate,
                        exclusions,
                        files,
                        shard,
                        checkpoint,
                        seed,
                        coolDown,
                        retries,
                        way,
                        provider,
                        alive,
                        silent,
                        json,
                        output));
        spec.addPositional(ranges).usageMessage().footer(FOOTER);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws UsageException, EchoUnavailableException {
        SweepTargets targets = targets();
        SweepOutput.Form form = form();
        Sweep.Builder builder = Sweep.newBuilder(targets)
                .rate(rate(rate.getValue()))
                .retries(OptionValues.integer("-r", retries.getValue(), 0, 10))
                .coolDown(coolDown())
                .tellSilent(form == SweepOutput.Form.SILENT || form == SweepOutput.Form.JSON);
        int[] part = part(shard.getValue());
        builder.shard(part[0], part[1]);
        if (seed.getValue() != null) {
            builder.seed(number("--seed", seed.getValue()));
        }
        if (checkpoint.getValue() != null) {
            builder.checkpoint(Path.of((String) checkpoint.getValue()));
        }
        if (way.getValue() != null) {
            builder.way(way.getValue());
        }
        try (PrintStream file = file();
                EchoRequester requester = requester()) {
            if (requester != null) {
                builder.requester(requester);
            }
            return sweep(builder, targets, form, file);
        }
    }

    private int sweep(Sweep.Builder builder, SweepTargets targets, SweepOutput.Form form, @Nullable PrintStream file)
            throws UsageException, EchoUnavailableException {
        PrintStream hosts = file == null ? context.out() : file;
        // What a script reads has hosts only.
        boolean listsOnly = form == SweepOutput.Form.ALIVE || form == SweepOutput.Form.SILENT;
        PrintStream words = listsOnly && file == null ? context.err() : context.out();
        SweepOutput printed = new SweepOutput(hosts, words, context.terminal(), form);
        String plan = plan(targets, form);
        words.print(plan);
        words.flush();
        Sweep sweep;
        try {
            sweep = builder.listener(printed).start();
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(OneLine.of(e.getMessage()));
        }
        printed.stopsBy(sweep::stop);
        context.running().accept(new Interruptible() {
            @Override
            public void stop() {
                sweep.stop();
            }

            @Override
            public void summarize() {
                context.err().println(SweepText.of(sweep.progress()));
                context.err().flush();
            }
        });
        SweepReport report = sweep.report().join();
        printed.clear();
        if (file != null && file.checkError()) {
            throw new UsageException("-o " + OneLine.quoted(output.getValue())
                    + " cannot be written to its end; make room, or give another file");
        }
        words.print(form == SweepOutput.Form.JSON ? SweepText.json(report) : SweepText.of(report));
        boolean isAlreadyComplete = SweepText.isAlreadyComplete(report);
        if (isAlreadyComplete) {
            words.flush();
            context.err().println(SweepText.alreadyComplete(report.earlier().orElseThrow(), checkpoint.getValue()));
        }
        if (!report.complete()) {
            words.flush();
            context.err().println(howToContinue());
        }
        words.flush();
        return report.complete() && report.answered() == report.targets() && !isAlreadyComplete
                ? ExitStatus.ANSWERED
                : ExitStatus.UNANSWERED;
    }

    private String howToContinue() {
        if (checkpoint.getValue() == null) {
            return "stopped; give --checkpoint FILE to be able to continue";
        }
        List<String> words = spec.commandLine().getParseResult().originalArgs();
        return "stopped; to continue: netecho " + OneLine.of(String.join(" ", words));
    }

    private String plan(SweepTargets targets, SweepOutput.Form form) throws UsageException {
        int perSecond = rate(rate.getValue());
        int[] part = part(shard.getValue());
        long asked = (targets.size() - targets.refused() + part[1] - 1) / part[1];
        long nanos = (long) (asked * 1e9 / perSecond) + coolDown().toNanos();
        if (form == SweepOutput.Form.JSON) {
            return JsonLine.ofType("plan")
                    .put("targets", targets.size())
                    .put("refused", targets.refused())
                    .put("shard", part[0])
                    .put("shards", part[1])
                    .put("rate", perSecond)
                    .putMicros("expected_us", nanos)
                    .line();
        }
        return "SWEEP " + targets + ": " + targets.size() + " addresses"
                + (targets.refused() == 0 ? "" : ", " + targets.refused() + " of them refused")
                + (part[1] == 1 ? "" : ", shard " + part[0] + "/" + part[1]) + ", " + perSecond + " probes/s, about "
                + SweepText.seconds(nanos) + "\n";
    }

    private SweepTargets targets() throws UsageException {
        SweepTargets.Builder targets = SweepTargets.newBuilder();
        List<String> given = words(ranges.getValue());
        try {
            for (String range : given) {
                targets.add(range);
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.of(e.getMessage()));
        }
        List<String> named = words(files.getValue());
        for (String file : named) {
            for (TargetFile.Entry entry : TargetFile.read("-f", file, context.in())) {
                add(entry, () -> targets.add(entry.text()));
            }
        }
        for (String file : words(exclusions.getValue())) {
            for (TargetFile.Entry entry : TargetFile.read("--exclude", file, context.in())) {
                add(entry, () -> targets.exclude(entry.text()));
            }
        }
        if (given.isEmpty() && named.isEmpty()) {
            throw new UsageException("no range given; give a network such as 192.0.2.0/24, or a file of them with -f");
        }
        try {
            return targets.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.of(e.getMessage()));
        }
    }

    private static void add(TargetFile.Entry entry, Runnable addition) throws UsageException {
        try {
            addition.run();
        } catch (IllegalArgumentException e) {
            throw new UsageException(entry.where() + OneLine.of(e.getMessage()));
        }
    }

    private static List<String> words(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }

    private SweepOutput.Form form() throws UsageException {
        List<SweepOutput.Form> forms = new ArrayList<>();
        if (Options.isGiven(alive)) {
            forms.add(SweepOutput.Form.ALIVE);
        }
        if (Options.isGiven(silent)) {
            forms.add(SweepOutput.Form.SILENT);
        }
        if (Options.isGiven(json)) {
            forms.add(SweepOutput.Form.JSON);
        }
        if (forms.size() > 1) {
            throw new UsageException("-a, -u and --json are ways to print; give only one of them");
        }
        return forms.isEmpty() ? SweepOutput.Form.TEXT : forms.get(0);
    }

    /** {@return a number with its unit, 1 to 10,000,000} */
    private static int rate(String text) throws UsageException {
        int unit = text.endsWith("k") ? 1_000 : text.endsWith("M") ? 1_000_000 : 1;
        String digits = unit == 1 ? text : text.substring(0, text.length() - 1);
        if (digits.matches("[0-9]{1,8}")) {
            long value = Long.parseLong(digits) * unit;
            if (value >= 1 && value <= 10_000_000) {
                return (int) value;
            }
        }
        throw new UsageException("--rate is " + OneLine.quoted(text) + "; it must be 1 to 10M probes a second");
    }

    private static int[] part(String text) throws UsageException {
        int slash = text.indexOf('/');
        if (slash > 0) {
            int parts = OptionValues.integer("--shard", text.substring(slash + 1), 1, 1 << 20);
            return new int[] {OptionValues.integer("--shard", text.substring(0, slash), 0, parts - 1), parts};
        }
        throw new UsageException("--shard is " + OneLine.quoted(text) + "; it must be I/N, such as 0/20 to 19/20");
    }

    private static long number(String option, String text) throws UsageException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException(
                    option + " is " + OneLine.quoted(text) + "; it must be a whole number of 64 bits with its sign");
        }
    }

    private Duration coolDown() throws UsageException {
        Duration given = OptionValues.seconds("-W", coolDown.getValue());
        if (given.compareTo(Duration.ofMillis(1)) < 0 || given.compareTo(Duration.ofHours(1)) > 0) {
            throw new UsageException(
                    "-W is " + OneLine.quoted(coolDown.getValue()) + "; it must be 0.001 to 3600 seconds");
        }
        return given;
    }

    private @Nullable PrintStream file() throws UsageException {
        String given = output.getValue();
        if (given == null) {
            return null;
        }
        try {
            return new PrintStream(new FileOutputStream(given), false, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("-o " + OneLine.quoted(given) + " cannot be written: " + OneLine.of(e.getMessage())
                    + "; give a file that can");
        }
    }

    private @Nullable EchoRequester requester() throws UsageException, EchoUnavailableException {
        String given = provider.getValue();
        if (given == null) {
            return null;
        }
        if (way.getValue() != null) {
            throw new UsageException("--way and --provider are both given; give only one of them");
        }
        return EchoRequester.newBuilder()
                .provider(Providers.named(given, context.providers().get()))
                .open();
    }
}
