// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.packet.IcmpEcho;

/**
 * Reads packets and errors from the sockets of a loop, one socket at a time, and hands each to {@link Answers}, in the
 * order in which they came.
 */
final class EchoReceiver implements AutoCloseable {
    private static final int MAX_BATCHES = 16;
    private static final int MAX_ERROR_BATCHES = 256;

    private final Outcomes outcomes;
    final ReceiveBatch packets;
    final ErrorQueue errors;
    private final KernelClock clock;
    final Answers answers;
    private final ReadErrors readErrors;

    /** What {@link #receiveAll} has left unread. */
    enum Unread {
        NOTHING,
        SOME,
        /** The system refuses the read. */
        UNKNOWN
    }

    EchoReceiver(Outcomes outcomes, SocketKind kind) {
        this.outcomes = outcomes;
        this.packets = new ReceiveBatch(kind);
        ErrorQueue newErrors = null;
        KernelClock newClock = null;
        try {
            newErrors = new ErrorQueue();
            newClock = new KernelClock();
            this.answers = new Answers(outcomes, newClock);
            this.readErrors = new ReadErrors(newErrors, answers, outcomes);
        } catch (RuntimeException | Error e) {
            packets.close();
            if (newErrors != null) {
                newErrors.close();
            }
            if (newClock != null) {
                newClock.close();
            }
            throw e;
        }
        this.errors = newErrors;
        this.clock = newClock;
    }

    /** Makes room for the reply to a request. */
    void expect(EchoRequest request) {
        packets.expect(IcmpEcho.HEADER_LENGTH + request.payload().size());
    }

    /** {@return how many packets were read and matched; a bounded number, usually all that were there} */
    int receive(EchoSocket from) {
        int total = 0;
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch(from);
            if (received < 0) {
                return total;
            }
            total += received;
            if ((received > 0 && received < packets.capacity()) || from.reading.isRefusedForGood()) {
                return total; // the event loop reports what is left, if anything
            }
        }
        return total;
    }

    /**
     * {@return what is left in the socket after a bounded number of batches}
     *
     * <p>SPEC TIM-4. Only EAGAIN says that nothing is: an ICMP error that arrives in the middle of recvmmsg(2) ends the
     * batch as well, and under a burst of errors nearly every batch.
     */
    Unread receiveAll(EchoSocket from) {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch(from);
            if (received < 0) {
                return received == -Errno.EAGAIN ? Unread.NOTHING : Unread.UNKNOWN;
            }
            if (from.reading.isRefusedForGood()) {
                return Unread.UNKNOWN;
            }
        }
        return Unread.SOME;
    }

    /**
     * {@return how many packets were read; 0 if an error or a signal came instead; an error number, negative, if none
     * can be}
     */
    private int receiveBatch(EchoSocket from) {
        int received = readBatch(from);
        if (isPendingError(received)) {
            // The call has consumed the pending error; the packets are still there.
            from.reading.pendingError(-received, drainErrors(from) > 0);
            return 0;
        }
        if (received <= 0) {
            from.reading.packetsRefused(-received);
            if (from.reading.isContradicted() && from.socket.queuedBytes() == 0) {
                from.reading.nothingWaits();
            }
        }
        return received;
    }

    /** {@return how many packets were read and handled, or the error as a negative number} */
    private int readBatch(EchoSocket from) {
        from.weighing.begin();
        int received = packets.receive(from.socket);
        if (received > 0) {
            from.reading.packetsRead();
            acceptAll(from, received);
            from.weighing.end(received);
        }
        return received;
    }

    private static boolean isPendingError(int received) {
        return received == -Errno.EINTR || Errno.mayBeForeign(-received);
    }

    private void acceptAll(EchoSocket from, int received) {
        long now = System.nanoTime();
        clock.look(now);
        // SPEC ERR-4: an error may have come while these were read, before the reply to the same request.
        boolean looks = from.reading.hadErrorLately(now) && readErrors.isIdle();
        if (looks) {
            readErrors.begin(0);
        }
        try {
            for (int k = 0; k < received; k++) {
                packets.select(k);
                try {
                    readErrors.acceptBefore(from, packets.stamp(), now);
                    answers.accept(from, packets, now);
                } catch (RuntimeException e) {
                    // SPEC MAT-4: a packet that makes us fail costs no other request its answer.
                    outcomes.defect = e;
                }
            }
            if (looks) {
                readErrors.acceptRest(from, now);
            }
        } finally {
            if (looks) {
                readErrors.end();
            }
            packets.release(received);
        }
    }

    /**
     * Empties the error queue; entries of other requests complete those requests. The queue of a raw socket holds only
     * late stamps.
     *
     * @return how many entries there were
     */
    int drainErrors(EchoSocket from) {
        int total = 0;
        for (int i = 0; i < MAX_ERROR_BATCHES; i++) {
            int received = errors.receive(from.socket);
            from.reading.errorsRead(received);
            if (received <= 0) {
                return total;
            }
            total += received;
            acceptErrors(from, received);
        }
        return total;
    }

    /**
     * {@return how many entries of the error queue were read, for {@link #departure} and then {@link #acceptErrors}}
     */
    int readErrors(EchoSocket from) {
        int received = Math.max(0, errors.receive(from.socket));
        if (received > 0) {
            from.reading.errorsRead(received);
        }
        return received;
    }

    /**
     * {@return when a packet left that was handed over alone, with a stamp, by a call between these two times;
     * {@link KernelClock#UNUSABLE} if that is not known}
     *
     * <p>SPEC TIM-3. A driver usually stamps a packet before the call returns. The time is unknown if a queueing
     * discipline holds the packet back, or if the driver stamps nothing. A stamp that comes later is ignored, because
     * it lies outside the call.
     */
    long departure(int entries, long before, long after) {
        long departure = KernelClock.UNUSABLE;
        for (int k = 0; k < entries; k++) {
            if (errors.select(k) && errors.isDeparture()) {
                long stamped = clock.nanoTime(errors.stamp(), before, after);
                departure = stamped == KernelClock.UNUSABLE ? departure : stamped;
            }
        }
        return departure;
    }

    /**
     * Handles what {@link #readErrors} has read.
     *
     * <p>SPEC ERR-4. The replies of a datagram socket wait in another queue than its ICMP errors, and a reply may have
     * come first. So the replies are read too, and both are handled in the order of their stamps. An error without a
     * stamp comes last: a host that replied is up. So does one that this read had no room for.
     */
    void acceptErrors(EchoSocket from, int received) {
        if (received <= 0) {
            return;
        }
        long now = System.nanoTime();
        clock.look(now);
        readErrors.begin(received);
        try {
            long latest = readErrors.latestIcmp();
            if (from.socket.kind() == SocketKind.DATAGRAM && latest != 0) {
                from.reading.errorCame(now);
                acceptRepliesBefore(from, latest);
            }
            readErrors.acceptRest(from, now);
        } finally {
            readErrors.end();
        }
    }

    /** Handles the replies that came before a time, and with them the entries before each; a bounded number. */
    private void acceptRepliesBefore(EchoSocket from, long latest) {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = readBatch(from);
            if (received > 0 && packets.stamp() > latest) {
                return; // what follows is later still
            }
            if (received <= 0 && !isPendingError(received)) {
                return; // nothing is left; a refusal lasts until the next read, which reports it
            }
        }
    }

    @Override
    public void close() {
        packets.close();
        errors.close();
        clock.close();
    }
}
