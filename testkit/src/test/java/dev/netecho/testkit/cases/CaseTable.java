// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program that accounts for every case of the contract; the build runs it after the last module's tests.
 *
 * <p>Only results of the build that it is told of count. It always writes the table. In CI, if it is told to and every
 * test of every module ran, it also checks it: then one case that is not accounted for is an error, which names each
 * culprit.
 */
public final class CaseTable {
    private static final List<String> REQUIRED =
            List.of("root", "target", "build", "output", "modules", "elsewhere", "backends", "check", "ci");

    private CaseTable() {}

    /**
     * Writes the table.
     *
     * @param arguments each once, as {@code name=value}: {@code root}, the folder of SPEC.md and of the modules;
     *     {@code target}, the modules' build directory below their own; {@code build}, what {@code netecho.build} was
     *     for the tests; {@code output}, the file to write; {@code modules}, those whose tests run on every system,
     *     with commas; {@code elsewhere}, those whose results count too, but whose tests may have no system to run on;
     *     {@code backends}, those that have to have tried every rule, on this system or under Wine; {@code check} and
     *     {@code ci}, {@code true} or {@code false}: the table is checked if both are true
     * @throws IOException if something cannot be read or written
     * @throws IllegalArgumentException if an argument is missing or unknown
     * @throws IllegalStateException if the check finds something; the message says what
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Map<String, String> values = values(arguments);
        run(values, ContractCases.read(), System.getProperty("os.name", ""), err);
    }

    static void run(Map<String, String> values, ContractCases contract, String osName, PrintStream err)
            throws IOException {
        Path root = Path.of(get(values, "root"));
        List<RecordedResult> results = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        String build = get(values, "build");
        for (String module : modules(values, "modules")) {
            Path target = root.resolve(module).resolve(get(values, "target"));
            SurefireReports reports = SurefireReports.read(target, build);
            if (!reports.isTested()) {
                missing.add("no test of " + module + " ran in this build");
            } else if (reports.isFiltered()) {
                missing.add("only chosen tests of " + module + " ran in this build");
            }
            results.addAll(recorded(target, build));
            results.addAll(named(contract, module, reports));
        }
        for (String module : modules(values, "elsewhere")) {
            results.addAll(recorded(root.resolve(module).resolve(get(values, "target")), build));
        }
        CaseAccount account = new CaseAccount(contract, results);
        Path output = Path.of(get(values, "output"));
        Files.createDirectories(output.toAbsolutePath().getParent());
        Files.writeString(output, CaseReport.toMarkdown(account, missing, osName));
        if (Boolean.parseBoolean(get(values, "check")) && Boolean.parseBoolean(get(values, "ci"))) {
            if (missing.isEmpty()) {
                check(account, root, required(get(values, "backends")), output, osName);
            } else {
                err.println("contract cases not checked: " + String.join("; ", missing));
            }
        }
    }

    private static List<String> modules(Map<String, String> values, String name) {
        return List.of(get(values, name).split(",", -1));
    }

    private static List<RecordedResult> recorded(Path target, String build) throws IOException {
        return ResultFile.readAll(target.resolve("contract"), build);
    }

    private static List<RecordedResult> named(ContractCases contract, String module, SurefireReports reports) {
        return contract.tests().stream()
                .filter(test -> test.module().equals(module))
                .flatMap(test -> reports.of(test.test()).stream()
                        .map(outcome -> new RecordedResult(
                                Backend.CORE.id(),
                                "",
                                List.copyOf(test.cases()),
                                test.shortName(),
                                outcome.result(),
                                outcome.reason())))
                .toList();
    }

    private static Set<Backend> required(String names) {
        return Stream.of(names.split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(name -> Backend.of(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "argument backends: \"" + name + "\" is none of " + Backend.ids())))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void check(CaseAccount account, Path root, Set<Backend> required, Path output, String osName)
            throws IOException {
        List<String> culprits = CaseCheck.culprits(account, SpecRules.read(root.resolve("SPEC.md")), required, osName);
        if (!culprits.isEmpty()) {
            throw new IllegalStateException("not every contract case is accounted for; the table is " + output
                    + culprits.stream().map(each -> "\n- " + each).collect(Collectors.joining()));
        }
    }

    private static Map<String, String> values(String[] arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 || !REQUIRED.contains(name) || values.containsKey(name)) {
                throw new IllegalArgumentException(
                        "argument \"" + argument + "\": give each of " + REQUIRED + " once, as name=value");
            }
            values.put(name, argument.substring(equals + 1));
        }
        REQUIRED.forEach(name -> get(values, name));
        return values;
    }

    private static String get(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("argument " + name + " is missing: give each of " + REQUIRED + " once");
        }
        return value;
    }
}
