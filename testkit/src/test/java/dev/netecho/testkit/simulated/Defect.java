// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.PendingEcho;
import java.util.function.Function;
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

    /** {@return a defect that is put in front of the engine} */
    static Defect around(String rule, String does, BrokenHarness.EngineWrapper wrapper) {
        return new Defect(rule, does, () -> new BrokenHarness(wrapper));
    }

    /** {@return a defect in front of the engine that shows only in tests of so many requests} */
    static Defect aroundMany(int requests, String rule, String does, BrokenHarness.EngineWrapper wrapper) {
        return new Defect(rule, does, () -> new BrokenHarness(wrapper).inFull(requests));
    }

    /** {@return a defect of the outcomes} */
    static Defect ofOutcomes(String rule, String does, Change change) {
        return around(rule, does, changing(change));
    }

    /** {@return what changes the outcomes of an engine} */
    static BrokenHarness.EngineWrapper changing(Change change) {
        return (engine, network, counters) -> new ForwardingEngine(engine) {
            @Override
            EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
                return change.of(pending.request(), outcome);
            }
        };
    }

    /** Makes another outcome out of the true one. */
    interface Change {
        EchoOutcome of(EchoRequest request, EchoOutcome outcome);
    }

    /** {@return a defect of the part that finds out which request a packet answers} */
    static Defect ofMatcher(String rule, String does, Function<SimulatedEngine, Matcher> matcher) {
        return ofEngine(rule, does, matching(matcher));
    }

    /** {@return a maker of engines with another matcher} */
    static BrokenHarness.EngineMaker matching(Function<SimulatedEngine, Matcher> matcher) {
        return (network, name, counters) ->
                new SimulatedEngine(network, counters, new Slots(), matcher, SimulatedEngine.firstIdentifier());
    }

    /** {@return a defect of what is in front of the engine, where core is for other backends} */
    static Defect ofRequester(String rule, String does, BrokenHarness.RequesterMaker requester) {
        return new Defect(rule, does, () -> new BrokenHarness(requester));
    }

    @Override
    public String toString() {
        return rule + ": " + does;
    }
}
