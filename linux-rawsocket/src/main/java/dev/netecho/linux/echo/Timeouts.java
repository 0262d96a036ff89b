// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.backend.SlotState;
import dev.netecho.linux.echo.EchoReceiver.Unread;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.socket.SystemCallException;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Times out what is due (SPEC TIM-2, TIM-4): first everything that has arrived is read, so that an answer which was in
 * the socket in time is a reply, however long this thread slept.
 */
final class Timeouts {
    /**
     * How long a flood that is faster than the reader may hold up time-outs. After that they are delivered, with drops
     * of this host suspected.
     */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    /** How long after a deadline a call that reads answers may be refused, such as for lack of memory. */
    private static final long REFUSAL_PATIENCE_NANOS = 100_000_000;

    /** Questions to the kernel in a round: the others end in the next one, after their sockets were read again. */
    private static final int MOST = 256;

    private final EchoReceiver receiver;
    private final Outcomes outcomes;

    Timeouts(EchoReceiver receiver, Outcomes outcomes) {
        this.receiver = receiver;
        this.outcomes = outcomes;
    }

    /** Ends what is due on one socket; {@code addresses} are those of its queue. */
    void expire(EchoSocket on, HostAddresses addresses) {
        if (on.isUnwatched()) {
            // Once a round: errors that no call has met would fill the receive buffer.
            receiver.drainErrors(on);
        }
        InFlight inFlight = on.inFlight;
        long now = System.nanoTime();
        long due = inFlight.nextDeadline();
        if (due == Long.MAX_VALUE || due - now > 0) {
            return;
        }
        receiver.drainErrors(on);
        Unread unread = receiver.receiveAll(on);
        SystemCallException refusal = on.reading.refusal();
        if (refusal != null) {
            endUnreadable(inFlight, refusal, now);
            return;
        }
        if (unread == Unread.SOME && now - inFlight.nextDeadline() < PATIENCE_NANOS) {
            return; // there is more to read; the round that reads it comes back here
        }
        boolean readable = on.drops.notice(now) && unread == Unread.NOTHING;
        int questions = 0;
        for (int slot = inFlight.expired(now); slot >= 0; slot = questions < MOST ? inFlight.expired(now) : -1) {
            on.renewal.timedOut(now);
            long sentNanos = inFlight.slots().sentNanos(slot);
            EchoRequest request = inFlight.echo(slot).request();
            boolean suspected = !readable || on.drops.suspected(request, sentNanos, now) || isFromLoopback(request);
            if (!suspected && addresses.mayAnyHaveLackedCarrier(sentNanos, now)) {
                questions++;
                suspected = addresses.mayHaveLackedCarrier(request, sentNanos);
            }
            EchoOutcome.TimedOut outcome = new EchoOutcome.TimedOut(Duration.ofNanos(now - sentNanos), suspected);
            outcomes.complete(inFlight.end(slot, SlotState.ENDED, now), outcome);
        }
    }

    /**
     * Under {@code route_localnet} Linux sends from 127.0.0.1 to other hosts. They drop it (RFC 1122, 3.2.1.3) unless
     * this host translates the source.
     */
    private static boolean isFromLoopback(EchoRequest request) {
        return request.version() == IpVersion.V4
                && request.source().isPresent()
                && request.source().get().isLoopbackAddress()
                && !request.destination().isLoopbackAddress();
    }

    /**
     * SPEC OUT-4: no host is called silent while the system refuses to let its answer be read. A short refusal is
     * waited out.
     */
    private void endUnreadable(InFlight inFlight, SystemCallException refusal, long now) {
        if (now - inFlight.nextDeadline() < REFUSAL_PATIENCE_NANOS) {
            return;
        }
        outcomes.defect = refusal;
        EchoOutcome.NotSent outcome = new EchoOutcome.NotSent(
                NotSentReason.OS_ERROR,
                refusal.getMessage() + "; the request was sent, and whether it was answered is not known",
                OptionalInt.of(refusal.errno()));
        for (int slot = inFlight.expired(now); slot >= 0; slot = inFlight.expired(now)) {
            outcomes.complete(inFlight.end(slot, SlotState.ENDED, now), outcome);
        }
    }
}
