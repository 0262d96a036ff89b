// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.util.Objects;
import org.junit.jupiter.api.Nested;

/**
 * The whole contract. The test of a backend is a subclass that adds no tests:
 *
 * <pre>{@code
 * @LabTest
 * class MyContractTest extends BackendContract {
 *     private static final MyHarness HARNESS = new MyHarness();
 *
 *     MyContractTest() {
 *         super(HARNESS);
 *     }
 *
 *     @BeforeAll
 *     static void useLab(Lab lab) {
 *         HARNESS.use(lab);
 *     }
 * }
 * }</pre>
 */
public abstract class BackendContract {
    private final ContractHarness harness;

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims; the same one for every instance of the class
     */
    protected BackendContract(ContractHarness harness) {
        this.harness = Objects.requireNonNull(harness, "harness");
    }

    /** The rules REQ. */
    @Nested
    final class Requests extends RequestContract {
        Requests() {
            super(harness);
        }
    }

    /** The rules OUT. */
    @Nested
    final class Outcomes extends OutcomeContract {
        Outcomes() {
            super(harness);
        }
    }

    /** The rules MAT. */
    @Nested
    final class Matching extends MatchingContract {
        Matching() {
            super(harness);
        }
    }

    /** The rules ERR. */
    @Nested
    final class IcmpErrors extends IcmpErrorContract {
        IcmpErrors() {
            super(harness);
        }
    }

    /** The rules TIM. */
    @Nested
    final class Time extends TimeContract {
        Time() {
            super(harness);
        }
    }

    /** The rules LOAD. */
    @Nested
    final class Load extends LoadContract {
        Load() {
            super(harness);
        }
    }

    /** The rules END. */
    @Nested
    final class End extends EndContract {
        End() {
            super(harness);
        }
    }

    /** The rules PRO. */
    @Nested
    final class Providers extends ProviderContract {
        Providers() {
            super(harness);
        }
    }
}
