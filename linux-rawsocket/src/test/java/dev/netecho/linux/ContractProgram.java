// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.netecho.linux.libc.LibC;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Run by tests in a JVM of its own: runs the contract for {@code linux-datagram}, and says who it is and what came of
 * it.
 */
final class ContractProgram {
    private ContractProgram() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Id inside, id outside, how many: user_namespaces(7).
        out.println("user: " + Loopback.read(Path.of("/proc/self/uid_map")).strip());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(LinuxDatagramContractTest.class))
                .build();
        Results results = new Results(out);
        LauncherFactory.create().execute(request, results);
        out.println("system calls through " + LibC.bindingTitle());
        out.println("passed: " + results.passed);
        System.exit(results.failed.get() == 0 ? 0 : 1);
    }

    /** One line for each test, or container of tests, that did not pass. */
    private static final class Results implements TestExecutionListener {
        final AtomicInteger passed = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        private final PrintStream out;

        Results(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            print("skipped", test, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String reason = result.getThrowable().map(Throwable::toString).orElse("");
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed.addAndGet(test.isTest() ? 1 : 0);
                case ABORTED ->
                    print(
                            "skipped",
                            test,
                            result.getThrowable().map(Throwable::getMessage).orElse(""));
                case FAILED -> {
                    failed.incrementAndGet();
                    print("failed", test, reason);
                }
            }
        }

        private void print(String how, TestIdentifier test, String why) {
            out.println(how + "\t" + test.getDisplayName() + "\t" + why.replaceAll("\\s+", " "));
        }
    }
}
