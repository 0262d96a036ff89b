// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.netecho.linux.libc.LibC;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Run in a JVM of its own, by tests and by {@code platforms/run}: runs the contract of the test classes it is given, or
 * of {@code linux-datagram}, and says who it is and what came of it. The system property {@code netecho.contract.only}
 * leaves only the tests in whose id its value, a regular expression, is found.
 */
final class ContractProgram {
    private ContractProgram() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Id inside, id outside, how many: user_namespaces(7).
        out.println("user: " + Loopback.read(Path.of("/proc/self/uid_map")).strip());
        List<String> classes =
                arguments.length == 0 ? List.of(LinuxDatagramContractTest.class.getName()) : List.of(arguments);
        Pattern only = Pattern.compile(System.getProperty("netecho.contract.only", ""));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(name -> selectClass(name)).toList())
                // A test of both families is a container that registers its tests when it runs.
                .filters((PostDiscoveryFilter)
                        test -> FilterResult.includedIf(!(test.isTest() || test.mayRegisterTests())
                                || only.matcher(test.getUniqueId().toString()).find()))
                .build();
        Results results = new Results(out);
        LauncherFactory.create().execute(request, results);
        out.println("system calls through " + LibC.bindingTitle());
        results.printSlowest();
        out.println("passed: " + results.passed);
        out.println("failed: " + results.failed);
        out.println("skipped: " + results.skipped);
        System.exit(results.failed.get() == 0 ? 0 : 1);
    }

    /** One line for each test, or container of tests, that did not pass. */
    private static final class Results implements TestExecutionListener {
        private static final int SLOWEST = 30;

        final AtomicInteger passed = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicInteger skipped = new AtomicInteger();
        private final Map<TestIdentifier, Long> started = new ConcurrentHashMap<>();
        private final Map<String, Long> seconds = new ConcurrentHashMap<>();
        private final PrintStream out;

        Results(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            started.put(test, System.nanoTime());
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skip(test, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                long nanos = System.nanoTime() - started.remove(test);
                seconds.put(test.getDisplayName(), TimeUnit.NANOSECONDS.toSeconds(nanos));
            }
            String reason = result.getThrowable().map(Throwable::toString).orElse("");
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed.addAndGet(test.isTest() ? 1 : 0);
                case ABORTED ->
                    skip(test, result.getThrowable().map(Throwable::getMessage).orElse(""));
                case FAILED -> {
                    failed.incrementAndGet();
                    print("failed", test, reason);
                }
            }
        }

        /** What an emulated machine spends its time on. */
        void printSlowest() {
            seconds.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(SLOWEST)
                    .forEach(test -> out.println("slow\t" + test.getKey() + "\t" + test.getValue() + " s"));
        }

        private void skip(TestIdentifier test, String why) {
            skipped.incrementAndGet();
            print("skipped", test, why);
        }

        private void print(String how, TestIdentifier test, String why) {
            out.println(how + "\t" + test.getDisplayName() + "\t" + why.replaceAll("\\s+", " "));
        }
    }
}
