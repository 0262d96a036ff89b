// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoHandle;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the largest packet that reaches a destination in one piece: echo requests that must not be fragmented (RFC
 * 1191, RFC 8201).
 *
 * <ul>
 *   <li>It begins with the smallest packet that every path carries: 68 bytes, or 1,280 for IPv6. If the destination
 *       does not answer that, nothing can be said.
 *   <li>Then it tries the largest. Where a router says what fits, it tries that. Where packets vanish, it looks for the
 *       limit by common sizes and by bisection. A size counts as lost when {@link Builder#tries} packets of it went
 *       unanswered.
 *   <li>One packet is on its way at a time.
 *   <li>Finally it looks for the hop that sets the limit, by {@link PathTrace} with a packet that is one byte too
 *       large: one round where a router named the limit, {@link Builder#tries} rounds for a black hole.
 * </ul>
 *
 * <p>The requester needs {@link dev.netecho.EchoCapability#DONT_FRAGMENT_IPV4} or
 * {@link dev.netecho.EchoCapability#DONT_FRAGMENT_IPV6}. Thread-safe.
 */
public final class PathMtu {
    private static final int ICMP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** RFC 791, 3.2 and RFC 8200, 5: what every link carries. */
    private static final int SMALLEST_IPV4 = 68;

    private static final int SMALLEST_IPV6 = 1_280;

    /** MTUs that are in use: tunnels, PPPoE, Ethernet, IP over InfiniBand, jumbo frames. */
    private static final int[] COMMON = {
        296, 508, 576, 1_006, 1_280, 1_300, 1_400, 1_420, 1_436, 1_450, 1_454, 1_460, 1_472, 1_476, 1_480, 1_492, 1_500,
        2_002, 2_044, 4_352, 4_470, 8_166, 9_000, 9_216, 16_384, 17_914, 32_000
    };

    /** Each router lowers the limit once at most, and few do. After so many, a router must be wrong. */
    private static final int MOST_TOLD = 16;

    /** How often a search begins again because the path has changed, or what was silent was not the size. */
    private static final int MOST_RESTARTS = 3;

    /** Why the largest packet that arrived is sent again. */
    private enum Check {
        NONE,
        /** A router names a smaller limit: it lies (RFC 8201, 4), or the path has changed. */
        SHRUNK,
        /** The search is over, but larger packets vanished, or a router named less: has the host fallen silent? */
        ALIVE
    }

    /** Packets that this host may have dropped say nothing about the path, and are tried again, a few times. */
    private static final int MOST_LOCAL_DROPS = 10;

    private final Builder settings;
    private final Notices notices;
    private final PathRequests queue;
    private final CompletableFuture<PathMtuReport> result;
    private final Object lock = new Object();
    private final int headers;

    /** The largest packet that arrived, 0 at first. */
    private int low;

    /** The largest packet that may arrive. */
    private int high;

    private int size;
    private int sent;
    private int told;
    private int losses;
    private int localDrops;
    private int smallestLost;
    private PathMtuLimit limit = PathMtuLimit.NONE;
    private @Nullable EchoOutcome why;
    private @Nullable InetAddress toldBy;
    private Check check = Check.NONE;
    private int restarts;

    /** What {@link Check#SHRUNK} may confirm. */
    private EchoOutcome.@Nullable IcmpError doubted;

    private int doubtedSize;

    /** Where the limit is that {@link Check#ALIVE} may confirm. */
    private OptionalInt hole = OptionalInt.empty();

    private @Nullable Packet current;
    private @Nullable EchoHandle handle;
    private @Nullable PathTrace trace;
    private boolean over;

    private PathMtu(Builder builder) {
        settings = new Builder(builder);
        notices = new Notices("path MTU of " + builder.destination.getHostAddress());
        result = new PathFuture<>(builder.requester, notices);
        queue = PathRequests.of(builder.requester);
        headers = ICMP_HEADER + (builder.version == IpVersion.V4 ? IPV4_HEADER : IPV6_HEADER);
        high = builder.largest;
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
     * {@return the report at the end, or after {@link #cancel}} Cancelling the future cancels the search. It never
     * completes exceptionally. To wait for it on the engine's thread, or in the listener, throws
     * {@link IllegalStateException} unless it is done.
     */
    public CompletableFuture<PathMtuReport> report() {
        return result;
    }

    /** Ends the search: it sends nothing more, and its report says what is known. */
    public void cancel() {
        EchoHandle unwanted;
        PathTrace running;
        synchronized (lock) {
            if (!over && (low == 0 || low < high)) {
                // Half a search names no limit: larger packets may still arrive.
                end(
                        PathMtuLimit.NOT_SENT,
                        EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the search was cancelled"));
            }
            finish(OptionalInt.empty());
            unwanted = handle;
            running = trace;
        }
        if (unwanted != null) {
            unwanted.cancel(); // without the lock: the requester's executor may block
        }
        unlocked();
        if (running != null) {
            running.cancel();
        }
    }

    private void start() {
        var unused = result.whenComplete((report, thrown) -> {
            if (result.isCancelled()) {
                cancel();
            }
        });
        step(() -> tryNext(Math.min(high, settings.version == IpVersion.V4 ? SMALLEST_IPV4 : SMALLEST_IPV6)));
    }

    /** Runs something with the lock, and then calls the listener without it. */
    private void step(Runnable action) {
        synchronized (lock) {
            if (!over) {
                action.run();
            }
        }
        unlocked();
    }

    /** What must not be done with the lock. */
    private void unlocked() {
        queue.send();
        notices.deliver();
    }

    private void tryNext(int next) {
        size = next;
        losses = 0;
        localDrops = 0;
        send();
    }

    private void send() {
        Packet packet = new Packet(settings.request(size - headers));
        current = packet;
        handle = null;
        queue.add(packet);
    }

    /** One packet of the search; there is one at a time. */
    private final class Packet extends PathRequest {
        Packet(EchoRequest request) {
            super(settings.requester, request);
        }

        @Override
        boolean isWanted() {
            synchronized (lock) {
                return !over;
            }
        }

        @Override
        void sent(EchoHandle sent) {
            boolean unwanted;
            synchronized (lock) {
                unwanted = over;
                // Its outcome may have come, and the next one have been sent.
                if (this.equals(current)) {
                    handle = sent;
                }
            }
            if (unwanted) {
                sent.cancel();
            }
        }

        @Override
        void ended(EchoOutcome outcome) {
            step(() -> onOutcome(outcome));
        }
    }

    private void onOutcome(EchoOutcome outcome) {
        int tried = size;
        if (outcome instanceof EchoOutcome.NotSent refused) {
            notices.add(() -> settings.listener.onTried(tried, outcome));
            if (refused.reason() == NotSentReason.TOO_LARGE) {
                lower(PathMtuLimit.LOCAL, outcome, size - 1);
            } else {
                end(PathMtuLimit.NOT_SENT, outcome);
            }
            return;
        }
        sent++;
        notices.add(() -> settings.listener.onTried(tried, outcome));
        if (check != Check.NONE) {
            onCheck(outcome);
        } else if (outcome.isReply()) {
            low = size;
            search();
        } else if (outcome instanceof EchoOutcome.IcmpError error) {
            onError(error);
        } else {
            onSilence(outcome);
        }
    }

    private void onError(EchoOutcome.IcmpError error) {
        if (error.kind() != IcmpErrorKind.FRAGMENTATION_NEEDED && error.kind() != IcmpErrorKind.PACKET_TOO_BIG) {
            end(PathMtuLimit.UNREACHABLE, error);
            return;
        }
        // A next-hop MTU that is no smaller than the packet is wrong: RFC 1191, 5 has routers that name none (0), and
        // RFC 8201, 4 has one below 1,280 ignored. One smaller than a packet that arrived is checked.
        int named = error.nextHopMtu().orElse(0);
        toldBy = error.responder();
        told++;
        if (named >= SMALLEST_IPV4 && named < low && restarts < MOST_RESTARTS) {
            doubted = error;
            doubtedSize = size;
            check(Check.SHRUNK);
            return;
        }
        lower(PathMtuLimit.TOLD, error, named >= Math.max(low, SMALLEST_IPV4) && named < size ? named : size - 1);
    }

    private void check(Check reason) {
        check = reason;
        tryNext(low);
    }

    private void onCheck(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.TimedOut) {
            if (isWorthAnotherTry(outcome)) {
                send();
            } else {
                end(PathMtuLimit.SILENT, outcome);
            }
            return;
        }
        Check reason = check;
        check = Check.NONE;
        if (outcome instanceof EchoOutcome.IcmpError error) {
            if (error.kind() == IcmpErrorKind.FRAGMENTATION_NEEDED || error.kind() == IcmpErrorKind.PACKET_TOO_BIG) {
                shrunk(error);
            } else {
                end(PathMtuLimit.UNREACHABLE, error);
            }
        } else if (reason == Check.ALIVE) {
            finish(hole);
        } else {
            lower(PathMtuLimit.TOLD, Objects.requireNonNull(doubted), doubtedSize - 1);
        }
    }

    /** What arrived before does not any more: the search begins again below it. */
    private void shrunk(EchoOutcome.IcmpError error) {
        int named = error.nextHopMtu().orElse(0);
        restarts++;
        told++;
        toldBy = error.responder();
        limit = PathMtuLimit.TOLD;
        why = error;
        high = named >= SMALLEST_IPV4 && named < size ? named : size - 1;
        low = 0;
        smallestLost = 0;
        tryNext(Math.min(high, settings.version == IpVersion.V4 ? SMALLEST_IPV4 : SMALLEST_IPV6));
    }

    private boolean isWorthAnotherTry(EchoOutcome outcome) {
        boolean ofThisHost = outcome instanceof EchoOutcome.TimedOut silence
                && silence.localDropsSuspected()
                && localDrops++ < MOST_LOCAL_DROPS;
        return ofThisHost || ++losses < settings.tries;
    }

    private void onSilence(EchoOutcome outcome) {
        if (isWorthAnotherTry(outcome)) {
            send();
        } else if (low == 0) {
            end(PathMtuLimit.SILENT, outcome);
        } else {
            smallestLost = size;
            lower(PathMtuLimit.BLACK_HOLE, outcome, size - 1);
        }
    }

    private void lower(PathMtuLimit reason, EchoOutcome outcome, int largest) {
        limit = reason;
        why = outcome;
        high = largest;
        if (low == 0) {
            // Not even the smallest packet fits.
            finish(OptionalInt.empty());
        } else {
            search();
        }
    }

    private void search() {
        if (low >= high) {
            locate();
        } else {
            tryNext(nextSize());
        }
    }

    /**
     * The limit itself where one was named; else a common size. The next above a common size that arrived confirms that
     * it is the limit. What this host refuses costs no packet, so this host is asked from the largest size down.
     */
    private int nextSize() {
        boolean named = told <= MOST_TOLD
                && why instanceof EchoOutcome.IcmpError error
                && error.nextHopMtu().orElse(0) == high;
        if (limit == PathMtuLimit.NONE || named) {
            return high;
        }
        int[] between = IntStream.of(COMMON)
                .filter(common -> common > low && common <= high)
                .toArray();
        if (between.length > 0) {
            return between[limit == PathMtuLimit.LOCAL ? between.length - 1 : between.length / 2];
        }
        boolean common = Arrays.binarySearch(COMMON, low) >= 0;
        return common ? low + 1 : low + (high - low + 1) / 2;
    }

    private void end(PathMtuLimit reason, EchoOutcome outcome) {
        limit = reason;
        why = outcome;
        finish(OptionalInt.empty());
    }

    private void locate() {
        if (limit != PathMtuLimit.TOLD && limit != PathMtuLimit.BLACK_HOLE) {
            finish(OptionalInt.empty());
            return;
        }
        PathTrace.Builder builder = PathTrace.newBuilder(settings.requester, settings.destination)
                .payload(EchoPayload.ofSize(low + 1 - headers))
                .options(settings.options)
                .timeout(settings.timeout)
                .interval(PathTrace.Builder.SHORTEST_INTERVAL)
                // One lost packet must not make the black hole begin a hop earlier.
                .rounds(limit == PathMtuLimit.BLACK_HOLE ? settings.tries : 1);
        if (settings.source != null) {
            builder.source(settings.source);
        }
        // Not with the lock, which is never held together with that of a trace.
        notices.add(() -> trace(builder));
    }

    private void trace(PathTrace.Builder builder) {
        PathTrace started = builder.start();
        boolean unwanted;
        synchronized (lock) {
            unwanted = over;
            trace = started;
        }
        if (unwanted) {
            started.cancel();
        }
        var unused = started.report().thenAccept(found -> step(() -> onTraced(found)));
    }

    private void onTraced(PathReport found) {
        if (limit == PathMtuLimit.BLACK_HOLE && found.end() != PathEnd.NOT_SENT) {
            if (found.isReached() && restarts < MOST_RESTARTS) {
                // What vanished arrives now: the path was silent for a while, and not for this size.
                restarts++;
                low++;
                high = settings.largest;
                limit = PathMtuLimit.NONE;
                why = null;
                smallestLost = 0;
                search();
            } else {
                checkAlive(distance(found));
            }
        } else if (namesLess(found)) {
            checkAlive(distance(found));
        } else {
            finish(distance(found));
        }
    }

    private void checkAlive(OptionalInt distance) {
        hole = distance;
        check(Check.ALIVE);
    }

    /** {@return whether the path has become narrower than what arrived, as a router says} */
    private boolean namesLess(PathReport found) {
        return restarts < MOST_RESTARTS
                && found.why().orElse(null) instanceof EchoOutcome.IcmpError error
                && error.nextHopMtu().orElse(0) >= SMALLEST_IPV4
                && error.nextHopMtu().getAsInt() < low;
    }

    /**
     * The router that says "too big" sees a packet only when the hop limit exceeds its distance, so the first hop limit
     * with that answer is one more.
     */
    private OptionalInt distance(PathReport found) {
        int last = found.hops().size() - (limit == PathMtuLimit.TOLD ? 1 : 0);
        boolean ends = limit == PathMtuLimit.TOLD ? found.end() == PathEnd.UNREACHABLE : !found.isReached();
        return ends && last > 0 ? OptionalInt.of(last) : OptionalInt.empty();
    }

    private void finish(OptionalInt distance) {
        if (over) {
            return;
        }
        over = true;
        PathMtuReport report = new PathMtuReport(
                settings.destination,
                low,
                limit,
                limit == PathMtuLimit.TOLD ? Optional.ofNullable(toldBy) : Optional.empty(),
                distance,
                smallestLost == 0 ? OptionalInt.empty() : OptionalInt.of(smallestLost),
                Optional.ofNullable(why),
                sent);
        notices.add(() -> result.complete(report));
    }

    /** Configures a search. Not thread-safe. */
    public static final class Builder {
        private final EchoRequester requester;
        private final InetAddress destination;
        private final IpVersion version;
        private @Nullable InetAddress source;
        private EchoOptions options = EchoOptions.DEFAULT.withDontFragment(true);
        private Duration timeout = EchoRequest.DEFAULT_TIMEOUT;
        private int tries = 3;
        private int largest;
        private PathMtuListener listener = (size, outcome) -> {};

        private Builder(EchoRequester requester, InetAddress destination) {
            this.requester = Objects.requireNonNull(requester, "requester");
            this.destination = Objects.requireNonNull(destination, "destination");
            version = EchoRequest.to(destination).version();
            largest = most();
        }

        private Builder(Builder other) {
            requester = other.requester;
            destination = other.destination;
            version = other.version;
            source = other.source;
            options = other.options;
            timeout = other.timeout;
            tries = other.tries;
            largest = other.largest;
            listener = other.listener;
        }

        /** {@return the largest packet that a payload can fill} */
        private int most() {
            return EchoPayload.MAX_SIZE + ICMP_HEADER + (version == IpVersion.V4 ? IPV4_HEADER : IPV6_HEADER);
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
         * Sends with this traffic class.
         *
         * @param trafficClass 0 to 255
         * @return this
         */
        public Builder trafficClass(int trafficClass) {
            options = options.withTrafficClass(trafficClass);
            return this;
        }

        /**
         * Waits this long for each packet.
         *
         * @param timeout more than zero; the default is one second
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Counts a size as lost after this many unanswered packets.
         *
         * @param tries 1 to 100; the default is 3
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder tries(int tries) {
            if (tries < 1 || tries > 100) {
                throw new IllegalArgumentException("tries is " + tries + "; it must be 1 to 100");
            }
            this.tries = tries;
            return this;
        }

        /**
         * Tries no larger packet.
         *
         * @param bytes the size of the IP packet, from 68 (IPv6: 1,280) to 65,528 (IPv6: 65,548), which is the default
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder largest(int bytes) {
            int least = version == IpVersion.V4 ? SMALLEST_IPV4 : SMALLEST_IPV6;
            if (bytes < least || bytes > most()) {
                throw new IllegalArgumentException(
                        "the largest packet is " + bytes + " bytes; it must be " + least + " to " + most());
            }
            largest = bytes;
            return this;
        }

        /**
         * Reports each step.
         *
         * @param listener the default does nothing
         * @return this
         */
        public Builder listener(PathMtuListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * {@return a search that has begun}
         *
         * @throws IllegalArgumentException if source and destination are of different families, or the timeout is not
         *     positive
         */
        public PathMtu start() {
            request(0);
            PathMtu search = new PathMtu(this);
            search.start();
            return search;
        }

        private EchoRequest request(int payload) {
            EchoRequest.Builder request = EchoRequest.newBuilder(destination)
                    .payload(EchoPayload.ofSize(payload))
                    .options(options)
                    .timeout(timeout);
            if (source != null) {
                request.source(source);
            }
            return request.build();
        }
    }
}
