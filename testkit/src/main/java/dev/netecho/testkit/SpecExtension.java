// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.IpVersion;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Runs a {@link SpecTest} for its families, or says why not; names it and its failures by the rule. */
final class SpecExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        SpecTest spec = Objects.requireNonNull(method.getAnnotation(SpecTest.class));
        requireName(method, spec);
        if (method.getParameterCount() == 0) {
            return Stream.of(new Invocation(spec, method, null));
        }
        return Arrays.stream(spec.families()).map(family -> new Invocation(spec, method, family));
    }

    private static void requireName(Method method, SpecTest spec) {
        String prefix = spec.rule().replace("-", "").toLowerCase(Locale.ROOT);
        if (!method.getName().startsWith(prefix)) {
            throw new IllegalStateException(method + " tests " + spec.rule() + ": let its name begin with " + prefix);
        }
    }

    /** One run of one test. */
    private static final class Invocation
            implements TestTemplateInvocationContext,
                    ExecutionCondition,
                    ParameterResolver,
                    TestExecutionExceptionHandler,
                    LifecycleMethodExecutionExceptionHandler {
        private final SpecTest spec;
        private final Method method;
        private final @Nullable IpVersion family;

        Invocation(SpecTest spec, Method method, @Nullable IpVersion family) {
            this.spec = spec;
            this.method = method;
            this.family = family;
        }

        @Override
        public String getDisplayName(int invocationIndex) {
            return name();
        }

        private String name() {
            String prefix = spec.rule().replace("-", "");
            String words = method.getName()
                    .substring(prefix.length())
                    .replaceAll("([A-Z][a-z]*|[0-9]+)", " $1")
                    .toLowerCase(Locale.ROOT);
            return spec.rule() + words + (family == null ? "" : ", " + family);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            ContractHarness harness = harness(context);
            Stream<Limit> limits = Stream.concat(
                    Arrays.stream(spec.unless()), family == IpVersion.V6 ? Stream.of(Limit.NO_IPV6) : Stream.empty());
            return limits.flatMap(limit -> harness.reasonAgainst(limit).map(why -> limit + ": " + why).stream())
                    .findFirst()
                    .map(why -> ConditionEvaluationResult.disabled(spec.rule() + " cannot be shown here: " + why))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("nothing speaks against it"));
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return family != null && parameter.getParameter().getType() == IpVersion.class;
        }

        @Override
        public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return family;
        }

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
            throw named(thrown);
        }

        @Override
        public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown)
                throws Throwable {
            throw named(thrown);
        }

        @Override
        public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable thrown)
                throws Throwable {
            throw named(thrown);
        }

        private Throwable named(Throwable thrown) {
            return thrown instanceof TestAbortedException ? thrown : Violation.of(spec.rule(), name(), thrown);
        }

        private static ContractHarness harness(ExtensionContext context) {
            return ((EchoContract) context.getRequiredTestInstance()).harness();
        }
    }
}
