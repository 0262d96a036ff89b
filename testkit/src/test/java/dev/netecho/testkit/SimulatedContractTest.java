// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import org.junit.jupiter.api.Nested;

/** The contract for {@code simulated}. */
class SimulatedContractTest {
    private static final ContractHarness HARNESS = new SimulatedHarness();

    @Nested
    class Requests extends RequestContract {
        Requests() {
            super(HARNESS);
        }
    }

    @Nested
    class Outcomes extends OutcomeContract {
        Outcomes() {
            super(HARNESS);
        }
    }

    @Nested
    class Matching extends MatchingContract {
        Matching() {
            super(HARNESS);
        }
    }

    @Nested
    class IcmpErrors extends IcmpErrorContract {
        IcmpErrors() {
            super(HARNESS);
        }
    }

    @Nested
    class Time extends TimeContract {
        Time() {
            super(HARNESS);
        }
    }

    @Nested
    class Load extends LoadContract {
        Load() {
            super(HARNESS);
        }
    }

    @Nested
    class End extends EndContract {
        End() {
            super(HARNESS);
        }
    }

    @Nested
    class Providers extends ProviderContract {
        Providers() {
            super(HARNESS);
        }
    }
}
