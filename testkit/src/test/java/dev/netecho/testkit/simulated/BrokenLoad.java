// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.backend.SendPace;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Backends that break the rules LOAD-1 to LOAD-5. */
final class BrokenLoad {
    private static final int ENOBUFS = 105;

    private BrokenLoad() {}

    static List<Defect> defects() {
        return List.of(
                new Defect("LOAD-1", "knows no bound", () -> new BrokenHarness() {
                    @Override
                    public EchoRequester open(EchoRequester.Builder builder) throws EchoUnavailableException {
                        return super.open(builder.maxOutstanding(1 << 20));
                    }
                }),
                Defect.ofRequester("LOAD-1", "passes refusals off as time-outs", Hushing::new),
                Defect.ofRequester("LOAD-1", "refuses who would wait", Impatient::new),
                Defect.ofEngine(
                        "LOAD-5",
                        "knows no pace",
                        (network, config) -> network.open(PacingEngine.unpaced(network, config), network.behind())),
                Defect.ofEngine("LOAD-5", "waits for a second, and sends in one burst what became due", Gathering::new),
                Defect.ofEngine("LOAD-5", "is slow to come back for what waits", Sluggish::new),
                Defect.aroundMany(
                        4_000, "LOAD-2", "sends faster than its receive buffer can take the answers", Bursting::new),
                Defect.around("LOAD-3", "refuses requests while the queue is full", Refusing::new),
                Defect.around("LOAD-3", "cannot say that the queue stayed full", Vague::new),
                Defect.around("LOAD-4", "knows nothing of its own drops", Innocent::new));
    }

    private static final class Hushing extends ForwardingRequester {
        Hushing(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoOutcome told(EchoOutcome outcome) {
            return outcome instanceof EchoOutcome.NotSent refused
                            && refused.reason() == NotSentReason.OVERLOADED
                            && refused.osError().isEmpty()
                    ? new EchoOutcome.TimedOut(Duration.ZERO, true)
                    : outcome;
        }
    }

    private static final class Impatient extends ForwardingRequester {
        private volatile boolean closed;

        Impatient(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoOutcome send(EchoRequest request) throws InterruptedException {
            CompletableFuture<EchoOutcome> future = inner.sendAsync(request);
            try {
                while (!closed) {
                    try {
                        return future.get(10, TimeUnit.MILLISECONDS);
                    } catch (TimeoutException e) {
                        // looks whether it was closed: an executor may block (SPEC END-5)
                    }
                }
                return EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester was closed");
            } catch (InterruptedException e) {
                future.cancel(false);
                throw e;
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            closed = true;
            super.close();
        }
    }

    /** Comes back for what has to wait, but late each time. */
    private static final class Sluggish extends PacingEngine {
        Sluggish(SimulatedNetwork network, EchoConfig config) {
            super(network, config);
        }

        @Override
        long nextTurn(SendPace limit) {
            return super.nextTurn(limit) + 20_000_000;
        }
    }

    /** Comes back a second late, once, and then makes up for it. */
    private static final class Gathering extends PacingEngine {
        private static final int TURNS_BEFORE = 100;

        private int turns;
        private int owed;

        Gathering(SimulatedNetwork network, EchoConfig config) {
            super(network, config);
        }

        @Override
        boolean isDue(SendPace limit) {
            if (owed > 0) {
                owed--;
                return true;
            }
            return super.isDue(limit);
        }

        @Override
        long nextTurn(SendPace limit) {
            if (++turns != TURNS_BEFORE) {
                return super.nextTurn(limit);
            }
            owed = 150;
            return super.nextTurn(limit) + 1_000_000_000;
        }
    }

    private static final class Bursting extends ForwardingEngine {
        private static final int ROOM = 3_500;

        private int burst;

        Bursting(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        void sent(PendingEcho pending) {
            burst = 0;
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            return outcome.isReply() && ++burst > ROOM
                    ? new EchoOutcome.TimedOut(pending.request().timeout(), true)
                    : outcome;
        }
    }

    private static final class Refusing extends ForwardingEngine {
        private final SimulatedNetwork network;

        Refusing(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.network = network;
        }

        @Override
        public void submit(PendingEcho pending) {
            if (network.isSendQueueFull()) {
                EchoOutcome full = new EchoOutcome.NotSent(
                        NotSentReason.OVERLOADED, "the interface's queue is full", OptionalInt.of(ENOBUFS));
                network.clock().execute(() -> pending.complete(full));
            } else {
                super.submit(pending);
            }
        }
    }

    private static final class Vague extends ForwardingEngine {
        Vague(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            return outcome instanceof EchoOutcome.NotSent refused && refused.reason() == NotSentReason.OVERLOADED
                    ? new EchoOutcome.NotSent(NotSentReason.OS_ERROR, refused.detail(), refused.osError())
                    : outcome;
        }
    }

    private static final class Innocent extends ForwardingEngine {
        Innocent(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            return outcome instanceof EchoOutcome.TimedOut silence
                    ? new EchoOutcome.TimedOut(silence.waited(), false)
                    : outcome;
        }
    }
}
