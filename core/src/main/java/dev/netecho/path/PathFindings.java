// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a trace knows of the path: it takes the outcomes of whole rounds, and makes reports. Guarded by the trace's
 * lock.
 */
final class PathFindings {
    /** RFC 1700 recommends 64; the others are what systems use. */
    private static final int[] FIRST_HOP_LIMITS = {64, 128, 255};

    /** Silences, or silent rounds, in a row that loss alone explains. */
    private static final int A_FEW = 5;

    private final InetAddress destination;
    private final PathListener listener;
    private final Notices notices;

    /** By the distance. */
    private final HopState[] hops;

    private int completed;
    private int changes;

    /** Where the path ends, as far as is known; 0 if it is not. */
    private int length;

    /** Rounds since the end of the path was heard. */
    private int silentEnds;

    /** Where it ended last; 0 if that was never known. */
    private int lastLength;

    private EchoOutcome.@Nullable Reply reply;
    private EchoOutcome.@Nullable IcmpError refusal;
    private EchoOutcome.@Nullable NotSent notSent;
    private final Map<NotSentReason, Integer> notSentReasons = new EnumMap<>(NotSentReason.class);

    PathFindings(InetAddress destination, int maxHops, PathListener listener, Notices notices) {
        this.destination = destination;
        this.listener = listener;
        this.notices = notices;
        this.hops = new HopState[maxHops + 1];
        for (int distance = 1; distance <= maxHops; distance++) {
            hops[distance] = new HopState();
        }
    }

    /** {@return whether no hop follows the one that gave this outcome} */
    static boolean endsPath(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.IcmpError error) {
            return error.kind() != IcmpErrorKind.HOP_LIMIT_EXCEEDED && error.kind() != IcmpErrorKind.SOURCE_QUENCH;
        }
        return outcome.isReply();
    }

    /**
     * {@return how many hops the next round asks} If the end of the path has been silent for some rounds, that is every
     * hop once: the path may have become longer, and a silent router may stand there now.
     */
    int nextLimit() {
        return length == 0 || silentEnds == A_FEW ? hops.length - 1 : length;
    }

    /** {@return where the path ends, as far as is known; 0 if it is not} */
    int length() {
        return length;
    }

    /** A request that was not sent. It says nothing about the path. */
    record Refused(int distance, EchoOutcome.NotSent outcome) {}

    private void count(Refused refused) {
        notSent = refused.outcome();
        notSentReasons.merge(refused.outcome().reason(), 1, Integer::sum);
        hops[refused.distance()].notSent++;
    }

    /**
     * Adds a complete round.
     *
     * @param round its number
     * @param outcomes by the distance, from 1
     * @param limit the last distance of the round
     * @param lost how many earlier requests of the round were silent, by the distance
     * @param dropped how many more were, which this host may have dropped
     * @param refused earlier requests of the round that were not sent
     * @return whether no later round can find more: the requester is closed, or refuses each for good
     */
    boolean addRound(
            int round, @Nullable EchoOutcome[] outcomes, int limit, int[] lost, int[] dropped, List<Refused> refused) {
        boolean closed = false;
        boolean sent = false;
        boolean forGood = true;
        for (int distance = 1; distance <= limit; distance++) {
            if (outcomes[distance] instanceof EchoOutcome.NotSent last) {
                closed |= last.reason() == NotSentReason.CLOSED;
                forGood &= isForGood(last.reason());
            } else {
                sent = true;
            }
        }
        refused.forEach(this::count);
        count(round, outcomes, limit, lost, dropped);
        updateLength(round, Objects.requireNonNull(outcomes[limit]), limit);
        completed += sent || !closed ? 1 : 0;
        return closed || (forGood && !sent);
    }

    /** A route, a source or a permission may be there in a moment, but not another backend or another address. */
    private static boolean isForGood(NotSentReason reason) {
        return switch (reason) {
            case UNSUPPORTED, INVALID_DESTINATION, CLOSED -> true;
            default -> false;
        };
    }

    private void count(int round, @Nullable EchoOutcome[] outcomes, int limit, int[] lost, int[] dropped) {
        boolean answeredLater = false;
        boolean forwardedLater = false;
        for (int distance = limit; distance > 0; distance--) {
            EchoOutcome outcome = Objects.requireNonNull(outcomes[distance]);
            HopState hop = hops[distance];
            int silent = lost[distance];
            int here = dropped[distance];
            boolean ends = endsPath(outcome);
            hop.sent += silent + here;
            if (outcome instanceof EchoOutcome.NotSent refused) {
                count(new Refused(distance, refused));
            } else {
                hop.sent++;
                if (outcome instanceof EchoOutcome.Reply answer) {
                    reply = answer;
                    hop.extensions = List.of();
                    answered(round, distance, answer.responder(), answer.roundTripTime(), distance < limit);
                } else if (outcome instanceof EchoOutcome.IcmpError error) {
                    hop.extensions = error.extensions();
                    answered(round, distance, error.responder(), error.roundTripTime(), distance < limit);
                } else if (outcome instanceof EchoOutcome.TimedOut silence && silence.localDropsSuspected()) {
                    here++;
                } else {
                    silent++;
                }
            }
            boolean isAnswer = outcome.isReply() || outcome instanceof EchoOutcome.IcmpError;
            if (answeredLater || (isAnswer && !ends)) {
                hop.limited += silent + here;
                hop.silentBeforeEnd += forwardedLater || isAnswer ? 0 : silent;
                hop.droppedBeforeEnd += forwardedLater || isAnswer ? 0 : here;
            } else {
                hop.droppedLocally += here;
            }
            answeredLater |= isAnswer;
            forwardedLater |= isAnswer && !ends;
        }
    }

    private void answered(int round, int distance, InetAddress responder, Duration roundTrip, boolean isOnTheWay) {
        HopState hop = hops[distance];
        hop.answered++;
        hop.roundTrips.add(roundTrip);
        InetAddress before = hop.responders.isEmpty() ? null : hop.responders.get(0);
        boolean known = hop.responders.remove(responder);
        hop.responders.add(0, responder);
        if (hop.responders.size() > PathHop.MOST_RESPONDERS) {
            hop.responders.remove(hop.responders.size() - 1);
        }
        // Routers that share the traffic answer in turn: only the first time says something new.
        if (before != null && !known && isOnTheWay) {
            changes++;
            notices.add(() -> listener.onChange(round, distance, before, responder));
        }
    }

    private void updateLength(int round, EchoOutcome last, int limit) {
        if (endsPath(last)) {
            refusal = last instanceof EchoOutcome.IcmpError error ? error : null;
            if (refusal != null) {
                reply = null; // it was reached, and is not any more
            }
            // Nobody else ever answered there: if it was asked a few times only, the path was as short before, and the
            // answers were lost.
            boolean asBefore = last.isReply()
                    && limit < lastLength
                    && hops[limit].responders.size() == 1
                    && hops[limit].silentBeforeEnd + hops[limit].droppedBeforeEnd <= A_FEW;
            if (asBefore) {
                hops[limit].isTheEnd();
            }
            if (lastLength != 0 && lastLength != limit && !asBefore) {
                changes++;
                int before = lastLength;
                notices.add(() -> listener.onLength(round, before, limit));
            }
            length = limit;
            lastLength = limit;
            silentEnds = 0;
        } else if (last instanceof EchoOutcome.IcmpError) {
            length = 0; // the path has become longer: the next round asks every hop
            silentEnds = 0;
        } else if (last instanceof EchoOutcome.TimedOut) {
            silentEnds = silentEnds == A_FEW ? 0 : silentEnds + 1;
        }
    }

    /** {@return what is known now} */
    PathReport report() {
        int last = length;
        if (last == 0) {
            for (int distance = 1; distance < hops.length; distance++) {
                last = hops[distance].answered > 0 ? distance : last;
            }
        }
        List<PathHop> found = new ArrayList<>(last);
        for (int distance = 1; distance <= last; distance++) {
            found.add(hops[distance].report(distance));
        }
        PathEnd end = end(found);
        Optional<EchoOutcome> why = end == PathEnd.UNREACHABLE
                ? Optional.ofNullable(refusal)
                : end == PathEnd.NOT_SENT ? Optional.ofNullable(notSent) : Optional.empty();
        return new PathReport(destination, end, why, found, completed, changes, notSentReasons, reverseDistance());
    }

    private PathEnd end(List<PathHop> found) {
        if (completed == 0 && notSent == null) {
            return PathEnd.UNKNOWN;
        }
        if (reply != null) {
            return PathEnd.REACHED;
        }
        if (refusal != null) {
            return PathEnd.UNREACHABLE;
        }
        if (isLoop(found)) {
            return PathEnd.LOOP;
        }
        if (found.size() == hops.length - 1) {
            return PathEnd.TOO_FAR;
        }
        boolean sent = false;
        for (int distance = 1; distance < hops.length; distance++) {
            sent |= hops[distance].sent > 0;
        }
        return sent || notSent == null ? PathEnd.SILENT : PathEnd.NOT_SENT;
    }

    /**
     * Three times, because a router may answer for its neighbour as well, and where routers share the traffic one may
     * be at two distances. A silent hop between two answers of a router is no other router: see {@link PathEnd#LOOP}.
     */
    private static boolean isLoop(List<PathHop> found) {
        Map<InetAddress, Integer> visits = new HashMap<>();
        InetAddress before = null;
        for (PathHop hop : found) {
            InetAddress here =
                    hop.responders().isEmpty() ? before : hop.responders().get(0);
            if (here != null && !here.equals(before) && visits.merge(here, 1, Integer::sum) == 3) {
                return true;
            }
            before = here;
        }
        return false;
    }

    private OptionalInt reverseDistance() {
        if (reply == null || reply.hopLimit().isEmpty()) {
            return OptionalInt.empty();
        }
        int arrived = reply.hopLimit().getAsInt();
        for (int first : FIRST_HOP_LIMITS) {
            if (arrived <= first) {
                return OptionalInt.of(first - arrived + 1);
            }
        }
        return OptionalInt.empty();
    }

    /** What is known of one hop. */
    private static final class HopState {
        final List<InetAddress> responders = new ArrayList<>(1);
        final RoundTripSums roundTrips = new RoundTripSums();
        List<IcmpExtension> extensions = List.of();
        int sent;
        int answered;
        int limited;
        int droppedLocally;
        int notSent;

        /** Of the limited ones those that only the end of the path was heard after. */
        int silentBeforeEnd;

        int droppedBeforeEnd;

        /** What was silent here was the end of the path: it was lost. */
        void isTheEnd() {
            limited -= silentBeforeEnd + droppedBeforeEnd;
            droppedLocally += droppedBeforeEnd;
            silentBeforeEnd = 0;
            droppedBeforeEnd = 0;
        }

        PathHop report(int distance) {
            return new PathHop(
                    distance,
                    responders,
                    sent,
                    answered,
                    limited,
                    droppedLocally,
                    notSent,
                    roundTrips.summary(),
                    extensions);
        }
    }
}
