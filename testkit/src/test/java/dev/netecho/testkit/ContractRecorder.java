// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.testkit.cases.Result;
import dev.netecho.testkit.cases.ResultLog;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Records how each test of a {@link BackendContract} ended, for this project's table of contract cases. */
public final class ContractRecorder implements TestWatcher {
    /** Constructs the extension; JUnit does so. */
    public ContractRecorder() {}

    @Override
    public void testSuccessful(ExtensionContext context) {
        record(context, Result.PASSED, "");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        record(context, Result.FAILED, String.valueOf(cause));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        record(context, Result.SKIPPED, cause == null ? "" : String.valueOf(cause.getMessage()));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        record(context, Result.SKIPPED, reason.orElse(""));
    }

    private static void record(ExtensionContext context, Result result, String reason) {
        Method method = context.getRequiredTestMethod();
        SpecTest spec = method.getAnnotation(SpecTest.class);
        if (spec != null && context.getRequiredTestInstance() instanceof EchoContract contract) {
            ResultLog.record(
                    contract.harness().newProvider().name(),
                    spec.rule(),
                    List.of(spec.cases()),
                    method.getDeclaringClass().getSimpleName() + "." + method.getName(),
                    result,
                    reason);
        }
    }
}
