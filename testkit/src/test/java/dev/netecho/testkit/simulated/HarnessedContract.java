// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.testkit.ContractHarness;
import dev.netecho.testkit.EndContract;
import dev.netecho.testkit.IcmpErrorContract;
import dev.netecho.testkit.LoadContract;
import dev.netecho.testkit.MatchingContract;
import dev.netecho.testkit.OutcomeContract;
import dev.netecho.testkit.ProviderContract;
import dev.netecho.testkit.RequestContract;
import dev.netecho.testkit.TimeContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The whole contract, run inside a test against a harness of that test's choice. */
final class HarnessedContract {
    private static final Class<?>[] GROUPS = {
        Requests.class,
        Outcomes.class,
        Matching.class,
        IcmpErrors.class,
        Time.class,
        Load.class,
        End.class,
        Providers.class
    };

    private static final Pattern RULE = Pattern.compile("\\[([A-Z]+-\\d+)] ");

    private static @Nullable ContractHarness harness;

    private HarnessedContract() {}

    /**
     * One test that failed.
     *
     * @param rule the rule that its message begins with; empty if there is none
     * @param message the message
     */
    record Failure(String rule, String message) {
        static Failure of(Event event) {
            String message = event.getPayload(TestExecutionResult.class)
                    .flatMap(TestExecutionResult::getThrowable)
                    .map(thrown -> String.valueOf(thrown.getMessage()))
                    .orElse("");
            Matcher rule = RULE.matcher(message);
            return new Failure(rule.lookingAt() ? rule.group(1) : "", message);
        }
    }

    /**
     * What came of it.
     *
     * @param succeeded how many tests succeeded
     * @param skipped how many were skipped
     * @param failures the failures
     */
    record Result(long succeeded, long skipped, List<Failure> failures) {}

    static synchronized Result run(ContractHarness tested) {
        harness = tested;
        try {
            EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter");
            for (Class<?> group : GROUPS) {
                builder.selectors(DiscoverySelectors.selectClass(group));
            }
            var results = builder.execute();
            List<Failure> failures = new ArrayList<>();
            results.allEvents().failed().stream().map(Failure::of).forEach(failures::add);
            Events tests = results.testEvents();
            return new Result(
                    tests.succeeded().count(),
                    tests.skipped().count() + tests.aborted().count(),
                    failures);
        } finally {
            harness = null;
        }
    }

    private static ContractHarness harness() {
        return Objects.requireNonNull(harness, "these classes are run by HarnessedContract.run() only");
    }

    static final class Requests extends RequestContract {
        Requests() {
            super(harness());
        }
    }

    static final class Outcomes extends OutcomeContract {
        Outcomes() {
            super(harness());
        }
    }

    static final class Matching extends MatchingContract {
        Matching() {
            super(harness());
        }
    }

    static final class IcmpErrors extends IcmpErrorContract {
        IcmpErrors() {
            super(harness());
        }
    }

    static final class Time extends TimeContract {
        Time() {
            super(harness());
        }
    }

    static final class Load extends LoadContract {
        Load() {
            super(harness());
        }
    }

    static final class End extends EndContract {
        End() {
            super(harness());
        }
    }

    static final class Providers extends ProviderContract {
        Providers() {
            super(harness());
        }
    }
}
