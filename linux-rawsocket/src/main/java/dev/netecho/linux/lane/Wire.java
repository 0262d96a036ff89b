// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.engine.RefusedRequests;
import dev.netecho.engine.RoundTrip;
import dev.netecho.engine.SendPace;
import dev.netecho.engine.SubmissionStack;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.OutputDiscards;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SendBatch;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.packet.EchoTokens;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the lanes of one loop share, because only one of them works at a time: batches, clock, tokens, counters. */
final class Wire implements AutoCloseable {
    final SendBatch send;
    final ReceiveBatch receive;
    final ErrorQueue errors;
    final KernelClock clock;
    final RoundTrip roundTrip = new RoundTrip();
    final ReceiveCost cost = new ReceiveCost();
    final QuotedEcho quote = new QuotedEcho();
    final RefusedRequests refused = new RefusedRequests();
    private final Netlink netlink;
    final LinkScopes scopes;
    final AddressCache sources;
    final LocalAddresses localAddresses;
    final OutputDiscards discards;

    final FailedRequests failed = new FailedRequests();

    /** Held by the loop but while it runs user code, which it does in {@link #complete} only, and while it sleeps. */
    final LoopLock lock = new LoopLock();

    /** The last that was met and is to be logged at the end of the round, when the lock is free. */
    @Nullable
    Throwable defect;

    /** Changes whenever the loop begins a round or delivers an outcome; another thread may read it, if not exactly. */
    long progress;

    /** Of the one requester that has a bound; requesters without share what has none. */
    final SendPace pace;

    /** Every requester that shares the sockets: a packet that no request owns is counted by all of them. */
    private final List<EchoCounters> counters = new CopyOnWriteArrayList<>();

    /** The MTU of the last local "too large" entry of an error queue, 0 if there was none since it was reset. */
    int localMtu;

    long localMtuHigh;
    long localMtuLow;

    final EchoTokens tokens;

    private final SubmissionStack submitted;

    /** {@code settings} are those of the sockets. */
    Wire(SecureRandom random, SendPace pace, SubmissionStack submitted, SocketKind kind, SocketSettings settings) {
        this.submitted = submitted;
        this.pace = pace;
        this.tokens = new EchoTokens(random.nextLong(), random.nextLong());
        SendBatch newSend = null;
        ReceiveBatch newReceive = null;
        ErrorQueue newErrors = null;
        KernelClock newClock = null;
        Netlink newNetlink = null;
        try {
            newSend = new SendBatch();
            newReceive = new ReceiveBatch();
            newErrors = new ErrorQueue();
            newClock = new KernelClock();
            newNetlink = new Netlink(settings.mark(), settings.interfaceName());
            this.scopes = new LinkScopes(newNetlink);
            this.sources = new AddressCache(scopes);
            this.localAddresses = new LocalAddresses(scopes, newNetlink);
            this.discards = new OutputDiscards(kind, System.nanoTime()); // last: nothing below fails
        } catch (RuntimeException | Error e) {
            close(newNetlink, newSend, newReceive, newErrors, newClock);
            throw e;
        }
        this.send = newSend;
        this.receive = newReceive;
        this.errors = newErrors;
        this.clock = newClock;
        this.netlink = newNetlink;
    }

    void add(EchoCounters more) {
        more.observe(Stray.values());
        counters.add(more);
    }

    void remove(EchoCounters gone) {
        counters.remove(gone);
    }

    void count(Stray stray) {
        count(stray, 1);
    }

    void count(Stray stray, long number) {
        for (EchoCounters each : counters) {
            each.count(stray, number);
        }
    }

    /**
     * Gives a request that is in no slot and no queue any more its outcome, and so runs user code; on the loop's
     * thread. Meanwhile other threads may take out requests, so that whoever calls has to look again at what is left.
     */
    void complete(PendingEcho echo, EchoOutcome outcome) {
        progress++;
        lock.unlock();
        try {
            if (!echo.complete(outcome)) {
                echo.letGo();
            }
            lock.lock();
        } catch (RuntimeException | Error e) {
            lock.lock();
            defect = e;
            if (!echo.isDone()) { // no memory, as a rule
                failed.add(echo);
                throw e;
            }
        }
    }

    /** Forgets what was learnt of this host's links and addresses, if they may have changed. */
    void noticeChanges(long now) {
        if (netlink.haveChanged(now)) {
            localAddresses.forget();
            if (scopes.forget()) {
                sources.clear();
            }
        }
    }

    /**
     * {@return whether a refused request is worth another try, because the interface that it names has another index
     * now}
     */
    boolean isWorthAnotherTry(EchoRequest request, int errno) {
        boolean changed = scopes.haveChanged(request, errno);
        if (changed) {
            sources.clear();
        }
        return changed;
    }

    /**
     * Takes a request that is in no slot and no queue and was not sent: it is worked off as if it were just submitted.
     */
    void submitAgain(PendingEcho echo) {
        if (echo.isDone()) {
            drop(echo);
        } else {
            echo.next(null);
            submitted.putBack(echo);
        }
    }

    /** Lets go of a request that was in a queue and has its outcome already. */
    void drop(PendingEcho echo) {
        refused.forget(echo);
        echo.letGo();
    }

    @Override
    public void close() {
        discards.close();
        close(netlink, send, receive, errors, clock);
    }

    private static void close(
            @Nullable Netlink netlink,
            @Nullable SendBatch send,
            @Nullable ReceiveBatch receive,
            @Nullable ErrorQueue errors,
            @Nullable KernelClock clock) {
        if (netlink != null) {
            netlink.close();
        }
        if (send != null) {
            send.close();
        }
        if (receive != null) {
            receive.close();
        }
        if (errors != null) {
            errors.close();
        }
        if (clock != null) {
            clock.close();
        }
    }
}
