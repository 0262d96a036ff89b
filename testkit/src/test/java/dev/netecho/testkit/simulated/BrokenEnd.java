// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.ContractTime;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Backends that break the rules END-1 to END-6. */
final class BrokenEnd {
    private BrokenEnd() {}

    static List<Defect> defects() {
        return List.of(
                Defect.around("END-1", "does not hear that a request was cancelled", Deaf::new),
                Defect.around("END-1", "never gets the numbers of cancelled requests back", Leaking::new),
                Defect.around("END-1", "keeps cancelled requests in its queue", Hoarding::new),
                new Defect("END-2", "leaves a thread behind when a listener closes", ThreadHarness::new),
                new Defect("END-2", "never frees its receive buffer", BufferHarness::new),
                Defect.ofRequester("END-2", "waits 120 ms when it is closed with many in flight", Lingering::new),
                Defect.ofRequester("END-2", "throws when it is closed twice", ClosingOnce::new),
                Defect.ofRequester("END-2", "throws when it is asked after closing", ThrowingOnceClosed::new),
                Defect.around("END-2", "waits for a listener that blocks before it closes", Waiting::new),
                Defect.around("END-2", "tells callers on the thread that closes", Closing::new),
                Defect.ofRequester("END-5", "loses what the executor has dropped", Losing::new),
                Defect.ofRequester("END-5", "delivers again where the executor runs its task again", Repeating::new),
                Defect.ofRequester("END-5", "has the executor wake callers of send()", Woken::new),
                Defect.ofRequester("END-5", "waits for the executor before it closes", Executing::new),
                new Defect("END-3", "passes the loop's end off as an error of the system", BrokenEnd::loopHarness),
                Defect.around("END-4", "lets child processes inherit its eventfd(2)", Inheritable::new),
                Defect.around("END-6", "keeps the requests that are over", Keeping::new),
                Defect.ofRequester("END-6", "keeps the requesters that are dropped", Clinging::new),
                Defect.ofRequester("END-6", "closes what is dropped at once", Hasty::new));
    }

    private static final class Deaf extends ForwardingEngine {
        Deaf(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public void cancelled(PendingEcho pending) {}
    }

    private static final class Hoarding extends ForwardingEngine {
        private final Queue<PendingEcho> hoarded = new ConcurrentLinkedQueue<>();

        Hoarding(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public void cancelled(PendingEcho pending) {
            hoarded.add(pending);
        }

        @Override
        public void close() {
            hoarded.forEach(super::cancelled);
            super.close();
        }
    }

    private static final class Leaking extends ForwardingEngine {
        private static final int NUMBERS = 1_000;
        private static final int ENOBUFS = 105;

        private final SimulatedClock clock;
        private final AtomicInteger taken = new AtomicInteger();

        Leaking(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.clock = network.clock();
        }

        @Override
        public void submit(PendingEcho pending) {
            if (taken.get() < NUMBERS) {
                super.submit(pending);
                return;
            }
            EchoOutcome none = new EchoOutcome.NotSent(
                    NotSentReason.OVERLOADED, "every sequence number is in use", OptionalInt.of(ENOBUFS));
            clock.execute(() -> pending.complete(none));
        }

        @Override
        public void cancelled(PendingEcho pending) {
            taken.incrementAndGet();
            super.cancelled(pending);
        }
    }

    private static final class ThreadHarness extends BrokenHarness {
        private static final CountDownLatch NEVER = new CountDownLatch(1);

        private final Queue<Thread> threads;

        ThreadHarness() {
            this(new ConcurrentLinkedQueue<>());
        }

        private ThreadHarness(Queue<Thread> threads) {
            super((EchoEngine engine, SimulatedNetwork network, EchoCounters counters) -> new ForwardingEngine(engine) {
                @Override
                public void close() {
                    if (inEngineThread()) {
                        Thread timer = new Thread(ThreadHarness::waitForEver, "icmp-echo-timer");
                        timer.setDaemon(true);
                        timer.start();
                        threads.add(timer);
                    }
                    super.close();
                }
            });
            this.threads = threads;
        }

        private static void waitForEver() {
            try {
                NEVER.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        void dispose() {
            threads.forEach(Thread::interrupt);
        }
    }

    private static final class BufferHarness extends BrokenHarness {
        private final Queue<ByteBuffer> buffers;

        BufferHarness() {
            this(new ConcurrentLinkedQueue<>());
        }

        private BufferHarness(Queue<ByteBuffer> buffers) {
            super((EchoEngine engine, SimulatedNetwork network, EchoCounters counters) -> {
                buffers.add(ByteBuffer.allocateDirect(1 << 10));
                return engine;
            });
            this.buffers = buffers;
        }

        @Override
        void dispose() {
            buffers.clear();
        }
    }

    private static final class Lingering extends ForwardingRequester {
        Lingering(EchoRequester inner) {
            super(inner);
        }

        @Override
        public void close() {
            EchoStatistics before = statistics();
            boolean many = before.inFlight() + before.queued() >= 500;
            super.close();
            if (many) {
                ContractTime.ofMachine().pass(Duration.ofMillis(120));
            }
        }
    }

    private static final class ClosingOnce extends ForwardingRequester {
        private final AtomicBoolean closed = new AtomicBoolean();

        ClosingOnce(EchoRequester inner) {
            super(inner);
        }

        @Override
        public void close() {
            if (closed.getAndSet(true)) {
                throw new IllegalStateException("closed already");
            }
            super.close();
        }
    }

    private static final class ThrowingOnceClosed extends ForwardingRequester {
        private volatile boolean closed;

        ThrowingOnceClosed(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return super.sendAsync(request, listener);
        }

        @Override
        public void close() {
            closed = true;
            super.close();
        }
    }

    private static BrokenHarness loopHarness() {
        AtomicBoolean loopEnded = new AtomicBoolean();
        BrokenHarness.RequesterMaker requester = inner -> new ForwardingRequester(inner) {
            @Override
            EchoOutcome told(EchoOutcome outcome) {
                return loopEnded.get() && outcome instanceof EchoOutcome.NotSent
                        ? EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "the event loop rejected a task")
                        : outcome;
            }
        };
        return new BrokenHarness(requester) {
            @Override
            public Runnable lendLoop(EchoRequester.Builder builder) {
                Runnable end = super.lendLoop(builder);
                return () -> {
                    loopEnded.set(true);
                    end.run();
                };
            }

            @Override
            public void reset() {
                loopEnded.set(false);
                super.reset();
            }
        };
    }

    private static final class Inheritable extends ForwardingEngine {
        private final AtomicBoolean closed = new AtomicBoolean();
        private final int descriptor = EventFd.open();

        Inheritable(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public void close() {
            super.close();
            if (!closed.getAndSet(true)) {
                EventFd.close(descriptor);
            }
        }
    }

    private static final class Waiting extends ForwardingEngine {
        private final SimulatedClock clock;

        Waiting(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.clock = network.clock();
        }

        @Override
        public void close() {
            CountDownLatch free = new CountDownLatch(1);
            clock.execute(free::countDown);
            if (!clock.inTurn()) {
                ContractTime.ofMachine().await(() -> free.getCount() == 0, Duration.ofMillis(300));
            }
            super.close();
        }
    }

    private static final class Closing extends ForwardingEngine {
        private final Set<PendingEcho> outstanding = ConcurrentHashMap.newKeySet();

        Closing(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            outstanding.remove(pending);
            return outcome;
        }

        @Override
        public void submit(PendingEcho pending) {
            outstanding.add(pending);
            super.submit(pending);
        }

        @Override
        public void cancelled(PendingEcho pending) {
            outstanding.remove(pending);
            super.cancelled(pending);
        }

        @Override
        public void close() {
            outstanding.forEach(pending -> pending.complete(CLOSED));
            super.close();
        }
    }

    private static final class Repeating extends ForwardingRequester {
        Repeating(EchoRequester inner) {
            super(inner);
        }

        @Override
        void tell(EchoListener listener, EchoRequest request, EchoOutcome outcome) {
            super.tell(listener, request, outcome);
            if (Thread.currentThread().getName().equals("contract-executor")) {
                super.tell(listener, request, outcome);
            }
        }
    }

    private static final class Losing extends ForwardingRequester {
        Losing(EchoRequester inner) {
            super(inner);
        }

        @Override
        void tell(EchoListener listener, EchoRequest request, EchoOutcome outcome) {
            boolean late = Thread.currentThread().getName().equals("netecho-deliveries");
            if (!late || !outcome.isReply()) {
                super.tell(listener, request, outcome);
            }
        }
    }

    /** Does for callers of send() what is done for futures. */
    private static final class Woken extends ForwardingRequester {
        Woken(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoOutcome send(EchoRequest request) throws InterruptedException {
            CompletableFuture<EchoOutcome> future = inner.sendAsync(request);
            try {
                EchoOutcome outcome = future.get();
                return outcome instanceof EchoOutcome.NotSent refused && refused.reason() == NotSentReason.OVERLOADED
                        ? inner.send(request)
                        : outcome;
            } catch (InterruptedException e) {
                future.cancel(false);
                throw e;
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class Keeping extends ForwardingEngine {
        private final Queue<PendingEcho> kept = new ConcurrentLinkedQueue<>();

        Keeping(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public void submit(PendingEcho pending) {
            kept.add(pending);
            super.submit(pending);
        }
    }

    private static final class Clinging extends ForwardingRequester {
        private static final Set<Clinging> OPEN = ConcurrentHashMap.newKeySet();

        Clinging(EchoRequester inner) {
            super(inner);
            OPEN.add(this);
        }

        @Override
        public void close() {
            OPEN.remove(this);
            super.close();
        }
    }

    private static final class Hasty extends ForwardingRequester {
        private static final Cleaner CLEANER = Cleaner.create();

        Hasty(EchoRequester inner) {
            super(inner);
            CLEANER.register(this, inner::close);
        }
    }

    /** Ends its requests itself before it closes the rest. */
    private static final class Executing extends ForwardingRequester {
        private final Map<EchoListener, EchoHandle> outstanding = new ConcurrentHashMap<>();
        private volatile boolean closing;

        Executing(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
            if (request == null || listener == null) {
                return inner.sendAsync(request, listener);
            }
            AtomicBoolean over = new AtomicBoolean();
            EchoListener watching = new EchoListener() {
                @Override
                public void onOutcome(EchoRequest asked, EchoOutcome outcome) {
                    over.set(true);
                    outstanding.remove(this);
                    listener.onOutcome(
                            asked,
                            closing && outcome instanceof EchoOutcome.NotSent
                                    ? EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester was closed")
                                    : outcome);
                }
            };
            EchoHandle handle = inner.sendAsync(request, watching);
            outstanding.put(watching, handle);
            if (over.get()) {
                outstanding.remove(watching);
            }
            return handle;
        }

        @Override
        public void close() {
            closing = true;
            Thread first = new Thread(() -> List.copyOf(outstanding.values()).forEach(EchoHandle::cancel));
            first.setDaemon(true);
            first.start();
            try {
                // Too long where an executor blocks; what listeners may do is another rule.
                first.join(2_500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.close();
        }
    }
}
