// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoHandle;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the hops between this host and a destination, with echo requests that expire on the way.
 *
 * <pre>{@code
 * PathReport report = PathTrace.newBuilder(requester, address).start().report().join();
 * }</pre>
 *
 * <p>A round asks every hop at once, and ends when the destination and all hops before it have their outcomes. So it
 * takes one round trip, or the timeout if a hop is silent. The first round asks up to {@link Builder#maxHops} hops;
 * later ones ask as many as the path has, and all of them once its end was silent for five rounds. A trace sends no
 * more than that, once in each {@link Builder#interval}, with one exception. A destination answers all hop limits from
 * its distance on. If the hop before the first answer of the destination is silent, it may be the destination, whose
 * answer was lost. So it is asked again, up to twice.
 *
 * <p>All traces and searches over one requester have together at most 65,536 requests outstanding; the others wait. If
 * the requester takes fewer, those that it refuses ({@link dev.netecho.NotSentReason#OVERLOADED}) wait until others of
 * them have ended. The refusal is the outcome only if the requester takes none for two seconds.
 *
 * <p>What this host does not send is counted, and the next round tries again: a route may be missing for a moment only.
 * The trace ends early where that is for good: the requester is closed, or it cannot send such requests.
 *
 * <p>The requester needs {@link dev.netecho.EchoCapability#HOP_LIMIT_IPV4} or
 * {@link dev.netecho.EchoCapability#HOP_LIMIT_IPV6}. Thread-safe.
 */
public final class PathTrace {
    private static final int MOST_CONFIRMATIONS = 2;

    /** Between two rounds it looks this often whether the requester is closed. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EchoRequester requester;
    private final int maxHops;
    private final int rounds;
    private final long intervalNanos;
    private final PathListener listener;
    private final Notices notices;
    private final PathFindings findings;
    private final PathRequests queue;
    private final CompletableFuture<PathReport> result;
    private final Object lock = new Object();

    /** They are cancelled without the lock: that runs the requester's executor, which may block. */
    private List<EchoHandle> unwanted = new ArrayList<>();

    // All arrays are indexed by the distance.
    private final EchoRequest[] requests;
    private final @Nullable EchoOutcome[] outcomes;
    private final @Nullable EchoHandle[] handles;
    /** How many earlier requests of this round were silent, and how many of them this host may have dropped. */
    private final int[] lost;

    private final int[] dropped;

    /** What this round asked again because this host had not sent it. */
    private final List<PathFindings.Refused> refused = new ArrayList<>();

    private int round;
    private long roundBegan;

    /** Hops of this round whose outcome has been announced. */
    private int announced;

    /** How often this round has asked again whether the destination is nearer. */
    private int confirmations;

    /** The last distance that this round waits for. */
    private int limit;

    private boolean waiting;
    private boolean over;

    private PathTrace(Builder builder) {
        requester = builder.requester;
        maxHops = builder.maxHops;
        rounds = builder.rounds;
        intervalNanos = builder.interval.toNanos();
        listener = builder.listener;
        notices = new Notices("trace to " + builder.destination.getHostAddress());
        result = new PathFuture<>(requester, notices);
        findings = new PathFindings(builder.destination, maxHops, listener, notices);
        queue = PathRequests.of(requester);
        requests = new EchoRequest[maxHops + 1];
        outcomes = new @Nullable EchoOutcome[maxHops + 1];
        handles = new @Nullable EchoHandle[maxHops + 1];
        lost = new int[maxHops + 1];
        dropped = new int[maxHops + 1];
        for (int distance = 1; distance <= maxHops; distance++) {
            requests[distance] = builder.request(distance);
        }
    }

    /**
     * {@return a builder with the defaults}
     *
     * @param requester sends the requests; it stays open
     * @param destination where the path leads
     */
    public static Builder newBuilder(EchoRequester requester, InetAddress destination) {
        return new Builder(requester, destination);
    }

    /**
     * {@return the report at the end: after the last round, after {@link #cancel}, or when the requester is closed}
     * Cancelling the future cancels the trace. It never completes exceptionally. To wait for it on the engine's thread,
     * or in the listener, throws {@link IllegalStateException} unless it is done.
     */
    public CompletableFuture<PathReport> report() {
        return result;
    }

    /** {@return what is known now} */
    public PathReport snapshot() {
        synchronized (lock) {
            return findings.report();
        }
    }

    /** Ends the trace: it sends nothing more, and its report has what the completed rounds found. */
    public void cancel() {
        synchronized (lock) {
            finish();
        }
        unlocked();
    }

    private void start() {
        var unused = result.whenComplete((report, thrown) -> {
            if (result.isCancelled()) {
                cancel();
            }
        });
        beginRound();
    }

    private void beginRound() {
        synchronized (lock) {
            if (!over && round > 0 && !requester.isOpen()) {
                finish();
            }
            if (!over) {
                sendRound();
            }
        }
        unlocked();
    }

    private void sendRound() {
        round++;
        roundBegan = System.nanoTime();
        announced = 0;
        confirmations = 0;
        refused.clear();
        limit = findings.nextLimit();
        waiting = true;
        for (int distance = 1; distance <= maxHops; distance++) {
            outcomes[distance] = null;
            lost[distance] = 0;
            dropped[distance] = 0;
        }
        for (int distance = 1; distance <= limit; distance++) {
            send(distance);
        }
    }

    private void send(int distance) {
        queue.add(new Hop(round, distance));
    }

    /** What must not be done with the lock. */
    private void unlocked() {
        takeUnwanted().forEach(EchoHandle::cancel);
        queue.send();
        notices.deliver();
    }

    private List<EchoHandle> takeUnwanted() {
        synchronized (lock) {
            List<EchoHandle> taken = unwanted;
            if (taken.isEmpty()) {
                return List.of(); // not the list, which may grow while the caller reads it
            }
            unwanted = new ArrayList<>();
            return taken;
        }
    }

    /** One request of a round. */
    private final class Hop extends PathRequest {
        private final int sentIn;
        private final int distance;

        Hop(int sentIn, int distance) {
            super(PathTrace.this.requester, requests[distance]);
            this.sentIn = sentIn;
            this.distance = distance;
        }

        @Override
        boolean isWanted() {
            synchronized (lock) {
                return isWaitingFor(sentIn, distance);
            }
        }

        @Override
        void sent(EchoHandle handle) {
            synchronized (lock) {
                if (isWaitingFor(sentIn, distance)) {
                    handles[distance] = handle;
                    return;
                }
            }
            handle.cancel();
        }

        @Override
        void ended(EchoOutcome outcome) {
            onOutcome(sentIn, distance, outcome);
        }
    }

    private boolean isWaitingFor(int sentIn, int distance) {
        return waiting && !over && sentIn == round && distance <= limit && outcomes[distance] == null;
    }

    private void onOutcome(int sentIn, int distance, EchoOutcome outcome) {
        synchronized (lock) {
            if (isWaitingFor(sentIn, distance)) {
                outcomes[distance] = outcome;
                // An error does not end it: on another way, or behind a router that answers so, a reply may come.
                if (outcome.isReply()) {
                    limit = distance;
                }
                announce();
                endRoundIfComplete();
            }
        }
        unlocked();
    }

    private void announce() {
        int number = round;
        int last = end();
        while (announced < last) {
            EchoOutcome outcome = outcomes[announced + 1];
            if (outcome == null || isDoubtful(announced + 1, last)) {
                return;
            }
            int distance = ++announced;
            notices.add(() -> listener.onHop(number, distance, outcome));
        }
    }

    /** {@return where the path ends as far as this round knows; the last distance that is asked if it does not} */
    private int end() {
        EchoOutcome last = outcomes[limit];
        if (last != null && last.isReply()) {
            return limit;
        }
        for (int distance = 1; distance < limit; distance++) {
            EchoOutcome outcome = outcomes[distance];
            if (outcome != null && PathFindings.endsPath(outcome)) {
                return distance;
            }
        }
        return limit;
    }

    /** {@return whether the path may end here: nothing answered from here to before the answer that ends it} */
    private boolean isDoubtful(int distance, int last) {
        EchoOutcome end = outcomes[last];
        if (end == null) {
            // A time-out comes after every answer, but this comes at once.
            return outcomes[distance] instanceof EchoOutcome.NotSent;
        }
        if (!PathFindings.endsPath(end) || last == findings.length() || confirmations == MOST_CONFIRMATIONS) {
            return false;
        }
        for (int between = distance; between < last; between++) {
            EchoOutcome outcome = outcomes[between];
            if (outcome != null && (outcome.isReply() || outcome instanceof EchoOutcome.IcmpError)) {
                return false;
            }
        }
        return distance < last;
    }

    private void askAgain(int distance) {
        confirmations++;
        if (outcomes[distance] instanceof EchoOutcome.NotSent refusal) {
            refused.add(new PathFindings.Refused(distance, refusal));
        } else {
            boolean here = outcomes[distance] instanceof EchoOutcome.TimedOut silence && silence.localDropsSuspected();
            (here ? dropped : lost)[distance]++;
        }
        outcomes[distance] = null;
        send(distance);
    }

    private boolean isComplete() {
        for (int distance = announced + 1; distance <= limit; distance++) {
            if (outcomes[distance] == null) {
                return false;
            }
        }
        return true;
    }

    private void endRoundIfComplete() {
        if (!waiting || !isComplete()) {
            return;
        }
        limit = end();
        if (announced < limit - 1 && isDoubtful(limit - 1, limit)) {
            askAgain(limit - 1);
            return;
        }
        announce();
        waiting = false;
        for (int distance = limit + 1; distance <= maxHops; distance++) {
            cancel(distance);
        }
        boolean isLast = findings.addRound(round, outcomes, limit, lost, dropped, refused);
        PathReport report = findings.report();
        notices.add(() -> listener.onRound(report));
        if (isLast || (rounds > 0 && report.rounds() >= rounds)) {
            finish();
        } else {
            pause();
        }
    }

    private void pause() {
        long left = roundBegan + intervalNanos - System.nanoTime();
        if (left > LOOK_NANOS) {
            PathTimers.after(LOOK_NANOS, this::look);
        } else {
            PathTimers.after(Math.max(0, left), this::beginRound);
        }
    }

    private void look() {
        synchronized (lock) {
            if (over) {
                return;
            }
            if (requester.isOpen()) {
                pause();
            } else {
                finish();
            }
        }
        unlocked();
    }

    private void cancel(int distance) {
        EchoHandle handle = handles[distance];
        handles[distance] = null;
        if (handle != null) {
            unwanted.add(handle);
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        for (int distance = 1; distance <= maxHops; distance++) {
            cancel(distance);
        }
        PathReport report = findings.report();
        notices.add(() -> result.complete(report));
    }

    /** Configures a trace. Not thread-safe; {@link #start} may be called more than once. */
    public static final class Builder {
        static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
        private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

        private final EchoRequester requester;
        private final InetAddress destination;
        private @Nullable InetAddress source;
        private EchoPayload payload = EchoPayload.DEFAULT;
        private EchoOptions options = EchoOptions.DEFAULT;
        private Duration timeout = EchoRequest.DEFAULT_TIMEOUT;
        private Duration interval = Duration.ofSeconds(1);
        private int maxHops = 30;
        private int rounds = 3;
        private PathListener listener = new PathListener() {};

        private Builder(EchoRequester requester, InetAddress destination) {
            this.requester = Objects.requireNonNull(requester, "requester");
            this.destination = Objects.requireNonNull(destination, "destination");
        }

        /**
         * Sends from this address of this host.
         *
         * @param source the source; the default is the system's choice
         * @return this
         */
        public Builder source(InetAddress source) {
            this.source = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Sends this payload.
         *
         * @param payload the default is {@link EchoPayload#DEFAULT}
         * @return this
         */
        public Builder payload(EchoPayload payload) {
            this.payload = Objects.requireNonNull(payload, "payload");
            return this;
        }

        /**
         * Sends with these options; their hop limit is not used.
         *
         * @param options the default is {@link EchoOptions#DEFAULT}
         * @return this
         */
        public Builder options(EchoOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Waits this long for each hop.
         *
         * @param timeout more than zero; the default is one second
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Asks at most this many hops.
         *
         * @param maxHops 1 to 255; the default is 30
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder maxHops(int maxHops) {
            if (maxHops < 1 || maxHops > 255) {
                throw new IllegalArgumentException("maxHops is " + maxHops + "; it must be 1 to 255");
            }
            this.maxHops = maxHops;
            return this;
        }

        /**
         * Sets the number of rounds.
         *
         * @param rounds 1 or more; 0 for as long as the trace is not cancelled; the default is 3
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder rounds(int rounds) {
            if (rounds < 0) {
                throw new IllegalArgumentException("rounds is " + rounds + "; it must be 0 or more");
            }
            this.rounds = rounds;
            return this;
        }

        /**
         * Sets the time from the start of one round to that of the next, which waits until the first is complete.
         *
         * @param interval 100 ms to one day; the default is one second
         * @return this
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder interval(Duration interval) {
            if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
                throw new IllegalArgumentException(
                        "interval is " + interval + "; it must be " + SHORTEST_INTERVAL + " to " + LONGEST_INTERVAL);
            }
            this.interval = interval;
            return this;
        }

        /**
         * Reports each step.
         *
         * @param listener the default does nothing
         * @return this
         */
        public Builder listener(PathListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * {@return a trace that has begun}
         *
         * @throws IllegalArgumentException if source and destination are of different families, or the timeout is not
         *     positive
         */
        public PathTrace start() {
            PathTrace trace = new PathTrace(this);
            trace.start();
            return trace;
        }

        private EchoRequest request(int distance) {
            EchoRequest.Builder request = EchoRequest.newBuilder(destination)
                    .payload(payload)
                    .options(options.withHopLimit(distance))
                    .timeout(timeout);
            if (source != null) {
                request.source(source);
            }
            return request.build();
        }
    }
}
