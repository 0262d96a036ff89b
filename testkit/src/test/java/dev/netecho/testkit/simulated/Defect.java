// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.PendingEcho;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** {@return a defect of what a requester sends, or of what it gets back} */
    static Defect ofWire(String rule, String does, Wire.Maker wire) {
        return ofEngine(rule, does, Wire.under(wire));
    }

    /** {@return a defect of a wire that shows only in tests of so many requests} */
    static Defect ofLongWire(int requests, String rule, String does, Wire.Maker wire) {
        return new Defect(rule, does, () -> new BrokenHarness(Wire.under(wire)).inFull(requests));
    }

    /** {@return a defect of what comes back} */
    static Defect ofAnswers(String rule, String does, Answers answers) {
        return ofWire(rule, does, (network, counters) -> new Wire(network, counters) {
            @Override
            byte @Nullable [] back(Answer answer, byte[] packet, long nanos) {
                Sent asked = asked(answer);
                return asked == null ? packet : answers.instead(asked, answer, packet);
            }
        });
    }

    /** Changes what comes back. */
    interface Answers {
        /** {@return what arrives instead of an answer to a request; null for nothing} */
        byte @Nullable [] instead(Wire.Sent asked, Answer answer, byte[] packet);
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

    /** {@return a defect of what is in front of the engine, where core is for other backends} */
    static Defect ofRequester(String rule, String does, BrokenHarness.RequesterMaker requester) {
        return new Defect(rule, does, () -> new BrokenHarness(requester));
    }

    @Override
    public String toString() {
        return rule + ": " + does;
    }
}
