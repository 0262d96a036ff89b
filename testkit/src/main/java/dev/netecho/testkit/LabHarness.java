// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.WireLog;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A harness for backends that send real packets, into a lab of this process. */
public abstract class LabHarness extends ContractHarness {
    private volatile @Nullable Lab lab;

    /** Constructs a harness that has no lab yet. */
    protected LabHarness() {}

    /**
     * Gives it the lab; called before the first test.
     *
     * @param lab the lab
     */
    public void use(Lab lab) {
        this.lab = Objects.requireNonNull(lab, "lab");
    }

    /** {@return the lab} */
    protected final Lab lab() {
        return Objects.requireNonNull(lab, "the harness was not given a lab: call use(lab) in a @BeforeAll method");
    }

    @Override
    public Optional<String> interfaceName() {
        return Optional.of(Lab.INTERFACE);
    }

    @Override
    public WireLog wire() {
        return lab().wire();
    }

    @Override
    public void reset() {
        lab().reset();
    }
}
