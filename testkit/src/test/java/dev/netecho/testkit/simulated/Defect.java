// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import java.util.function.Supplier;

/**
 * What the author of a backend could get wrong.
 *
 * @param rule the rule of SPEC.md that it breaks, and the only one
 * @param does what the backend does, in one sentence
 * @param backend makes the broken backend
 */
record Defect(String rule, String does, Supplier<BrokenHarness> backend) {
    /** {@return a defect of the engine} */
    static Defect ofEngine(String rule, String does, BrokenHarness.EngineMaker engine) {
        return new Defect(rule, does, () -> new BrokenHarness(engine));
    }

    /** {@return a defect of the engine that shows only in tests of so many requests} */
    static Defect ofMany(int requests, String rule, String does, BrokenHarness.EngineMaker engine) {
        return new Defect(rule, does, () -> new BrokenHarness(engine).inFull(requests));
    }

    /** {@return a defect of the part that finds out which request a packet answers} */
    static Defect ofMatcher(String rule, String does, MatcherMaker matcher) {
        return ofEngine(rule, does, matching(matcher));
    }

    /** {@return a maker of engines with another matcher} */
    static BrokenHarness.EngineMaker matching(MatcherMaker matcher) {
        return (network, name, counters) -> new SimulatedEngine(network, name, counters) {
            @Override
            Matcher newMatcher() {
                return matcher.of(this);
            }
        };
    }

    /** {@return a defect of what is in front of the engine, where core is for other backends} */
    static Defect ofRequester(String rule, String does, BrokenHarness.RequesterMaker requester) {
        return new Defect(rule, does, () -> new BrokenHarness(requester));
    }

    /** Makes a matcher, which may look at its engine later but not at once. */
    interface MatcherMaker {
        Matcher of(SimulatedEngine engine);
    }

    @Override
    public String toString() {
        return rule + ": " + does;
    }
}
