// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.sweep.SweepWayProvider;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code netecho doctor}: what can send here, and what to type if nothing can. */
final class DoctorCommand implements Callable<Integer> {
    private static final String[] FOOTER = {
        "",
        "--json prints one object per provider, best first:",
        "  "
                + "{\"type\":\"provider\",\"name\":...,\"priority\":...,\"available\":...,\"chosen\":...,"
                + "\"why\":...,\"remedy\":...,",
        "   \"binding\":...,\"capabilities\":[...],\"self_test\":[{\"target\":\"127.0.0.1\",\"outcome\":\"reply\",...},"
                + "{\"target\":\"::1\",...}],",
        "   \"version\":1}",
        "chosen is true for the one that is used unless another is named; why, remedy and binding are null if",
        "there is nothing to say; the members of a self test are those of an outcome in netecho ping --json.",
        "It has the providers of other systems, too; without it -v shows them.",
        "",
        "Then come the ways to sweep that are no providers. With --json each is an object of type way, with name,",
        "available, why and remedy. A sweep takes the first that is available and can do it, or else a provider.",
        "",
        "Exit status: 0 an available provider got a reply, 2 none did."
    };

    private final CommandContext context;

    private final OptionSpec json = Options.flag("--json", "Print one JSON object per line.");
    private final OptionSpec verbose = Options.flag("-v", "Show the providers of other systems, too.");

    DoctorCommand(CommandContext context) {
        this.context = context;
    }

    CommandSpec spec() {
        CommandSpec spec = Options.command(
                this,
                "doctor",
                "Reports whether each provider works here: opens it, and pings 127.0.0.1 and ::1.",
                List.of(json, verbose));
        spec.usageMessage().footer(FOOTER);
        return spec;
    }

    private String way(SweepWayProvider way) {
        Availability availability;
        try {
            availability = way.availability();
        } catch (RuntimeException | LinkageError e) {
            availability = Availability.thrown(e);
        }
        if (Options.isGiven(json)) {
            return JsonLine.ofType("way")
                    .put("name", way.name())
                    .put("available", availability.isAvailable())
                    .put("why", Diagnosis.orNull(availability.why()))
                    .put("remedy", Diagnosis.orNull(availability.remedy()))
                    .line();
        }
        StringBuilder text = new StringBuilder(way.name())
                .append(", a way to sweep: ")
                .append(availability.isAvailable() ? "available" : "unavailable");
        Diagnosis.indented(text, "why", availability.why());
        Diagnosis.indented(text, "remedy", availability.remedy());
        return text.append("\n").toString();
    }

    @Override
    public Integer call() throws UsageException, InterruptedException {
        List<EchoRequesterProvider> installed = context.providers().get();
        boolean all = Options.isGiven(json) || Options.isGiven(verbose);
        List<EchoRequesterProvider> providers = all ? installed : Providers.ofThisSystem(installed);
        if (providers.isEmpty()) {
            throw new UsageException(
                    "no provider is installed; add netecho-linux-rawsocket, netecho-windows-iphlpapi or"
                            + " another backend to the class path; if the jars were merged, merge"
                            + " META-INF/services too");
        }
        boolean works = false;
        boolean chosen = false;
        for (EchoRequesterProvider provider : providers) {
            Diagnosis diagnosis = Diagnosis.of(provider);
            boolean choice = !chosen && diagnosis.opened() && diagnosis.priority() >= 0;
            chosen |= choice;
            works |= diagnosis.works();
            context.out().print(Options.isGiven(json) ? diagnosis.json(choice).line() : diagnosis.text(choice) + "\n");
            context.out().flush();
        }
        for (SweepWayProvider way : context.ways().get()) {
            context.out().print(way(way));
        }
        return works ? ExitStatus.ANSWERED : ExitStatus.UNUSABLE;
    }
}
