// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link LabTest} does: starts the lab for the first class that has it and stops it after the last. */
public final class LabExtension implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LabExtension.class);

    /** Constructs the extension; JUnit does so. */
    public LabExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Attempt attempt = attempt(context);
        Lab lab = attempt.lab;
        if (lab != null) {
            lab.reset();
            return;
        }
        if (Boolean.getBoolean("netecho.ci")) {
            throw new AssertionError("netecho.ci=true forbids skipping: " + attempt.reason);
        }
        Assumptions.abort(attempt.reason);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return attempt(context).lab;
    }

    private static Attempt attempt(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Attempt.class, key -> Attempt.make(), Attempt.class);
    }

    /** A running lab, or why there is none; the store closes it when the test run ends. */
    private static final class Attempt implements AutoCloseable {
        private final @Nullable Lab lab;
        private final String reason;

        private Attempt(@Nullable Lab lab, String reason) {
            this.lab = lab;
            this.reason = reason;
        }

        static Attempt make() {
            try {
                return new Attempt(Lab.start(), "");
            } catch (LabUnavailableException e) {
                return new Attempt(null, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void close() {
            if (lab != null) {
                lab.close();
            }
        }
    }
}
