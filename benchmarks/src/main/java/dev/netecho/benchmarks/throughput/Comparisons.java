// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that take turns. A round is one turn of each; which of them begins changes from round to round, so that none
 * always runs behind the same other.
 */
final class Comparisons {
    private final List<Entrant> entrants = new ArrayList<>();

    private record Entrant(String name, Program program, List<Outcome> outcomes) {}

    /** Something that can be measured for one turn. */
    @FunctionalInterface
    interface Program {
        Outcome measure() throws Exception;
    }

    /** Adds a program under a name. */
    void add(String name, Program program) {
        entrants.add(new Entrant(name, program, new ArrayList<>()));
    }

    /** Lets every program have its turn in every round. */
    void run(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < entrants.size(); i++) {
                Entrant entrant = entrants.get((round + i) % entrants.size());
                entrant.outcomes.add(entrant.program.measure());
            }
        }
    }

    /** {@return whether a program takes part} */
    boolean has(String name) {
        return entrants.stream().anyMatch(entrant -> entrant.name.equals(name));
    }

    /** {@return the outcomes of a program, one a round} */
    List<Outcome> of(String name) {
        return entrants.stream()
                .filter(entrant -> entrant.name.equals(name))
                .findFirst()
                .orElseThrow()
                .outcomes;
    }

    /** {@return how the rates of one program compare with those of another in the same rounds} */
    Spread rateRatio(String ours, String theirs) {
        return Spread.ofRatios(rates(ours), rates(theirs));
    }

    /** {@return how the CPU times per echo of one program compare with those of another in the same rounds} */
    Spread cpuRatio(String ours, String theirs) {
        return Spread.ofRatios(
                of(ours).stream().mapToDouble(Outcome::cpuMicros).toArray(),
                of(theirs).stream().mapToDouble(Outcome::cpuMicros).toArray());
    }

    /** {@return the rates of a program, one a round} */
    double[] rates(String name) {
        return of(name).stream().mapToDouble(Outcome::rate).toArray();
    }
}
