// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;

/** A stateless way whose network is a script: it gets each IPv4 address that is sent to, and tells what comes back. */
final class ScriptedWay implements SweepWay {
    /** Addresses in the order in which they were sent to, as the number of the last octets. */
    final List<Long> sent = Collections.synchronizedList(new ArrayList<>());

    private final List<Runnable> arrived = new ArrayList<>();
    private final LongConsumer network;
    private SweepAnswers answers;

    /** Until then every drop has been told. */
    private long lookedNanos = System.nanoTime();

    volatile boolean closed;
    int room = SweepProbes.MOST;

    /** Runs before each reception. */
    Step beforeReceive = () -> {};

    interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** The network calls {@link #reply} and the like. */
    ScriptedWay(LongConsumer network) {
        this.network = network;
    }

    /** An echo of every host that answers at once. */
    static ScriptedWay echo() {
        ScriptedWay[] way = new ScriptedWay[1];
        way[0] = new ScriptedWay(low -> way[0].reply(low));
        return way[0];
    }

    void reply(long low) {
        later(() -> answers.onReply(0, low, 1_000));
    }

    /** This host drops packets now, and notices when it receives. */
    void drops() {
        later(() -> answers.onDrops(lookedNanos));
    }

    void later(Runnable event) {
        arrived.add(event);
    }

    SweepAnswers answers() {
        return answers;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean tellsEveryOutcome() {
        return false;
    }

    @Override
    public boolean tellsDuplicates() {
        return true;
    }

    @Override
    public int send(SweepProbes probes) throws IOException {
        int taken = Math.min(room, probes.size());
        for (int i = 0; i < taken; i++) {
            assert probes.high(i) == 0;
            sent.add(probes.low(i));
            network.accept(probes.low(i));
        }
        return taken;
    }

    @Override
    public void receive(SweepAnswers to, long maxWaitNanos) throws IOException, InterruptedException {
        beforeReceive.run();
        answers = to;
        if (arrived.isEmpty() && maxWaitNanos > 0) {
            Thread.sleep(maxWaitNanos / 1_000_000, (int) (maxWaitNanos % 1_000_000));
        }
        long before = System.nanoTime();
        List<Runnable> now = List.copyOf(arrived);
        arrived.clear();
        now.forEach(Runnable::run);
        lookedNanos = before;
    }

    @Override
    public void close() {
        closed = true;
    }
}
