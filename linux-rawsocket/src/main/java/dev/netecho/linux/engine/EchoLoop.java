// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.engine;

import dev.netecho.EchoOutcome;
import dev.netecho.IpVersion;
import dev.netecho.engine.EchoQueue;
import dev.netecho.engine.RateLimitedLog;
import dev.netecho.engine.SendPace;
import dev.netecho.engine.SubmissionStack;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.EventLoopSource;
import dev.netecho.linux.loop.ReadyHandler;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop with its sockets: takes requests from any thread and works them off in rounds on its own.
 *
 * <p>A round takes what was submitted, lets every queue send a batch (receiving first), and repeats that while
 * something moves; then it times out what is due and sets the timer. It is bounded, because the loop may belong to
 * somebody else.
 */
public final class EchoLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EchoLoop.class);

    /** Sources of IPv6 on datagram sockets have a socket each; beyond this many, idle ones make room. */
    private static final int MAX_QUEUES = 64;

    /** A round gives the loop back after about this long, because it may belong to somebody else. */
    private static final long ROUND_NANOS = 2_000_000;

    /** A round that fails is followed by this pause: what made it fail may be there again at once. */
    private static final long FAILURE_PAUSE_NANOS = 5_000_000;

    /** A thread of the engine goes on for so long while no outcome of a close can be delivered, for lack of memory. */
    private static final long DELIVERY_NANOS = 60_000_000_000L;

    /** A lent loop may be busy with tasks of its owner: so long an opening waits for it to take the sockets. */
    private static final long START_SECONDS = 5;

    /** A recursion of this depth takes some kilobytes: more than a call that wakes the loop. */
    private static final int PROBE_DEPTH = 64;

    /** So often a close tries to reach the loop where memory is short. */
    private static final int EXECUTE_ATTEMPTS = 100;

    private static final long EXECUTE_PAUSE_NANOS = 1_000_000;

    static final String DEFECT = "the engine met a defect of its own; it goes on";

    /** Fewer than core lets an engine keep for nothing (SPEC END-1), and enough to be worth a look at all that wait. */
    private static final int PURGE_AT_LEAST = 512;

    private final String name;
    private final SocketKind kind;
    private final long identifierPeriodNanos;
    private final SubmissionStack submitted = new SubmissionStack();

    /**
     * A round is running, posted, or set on the timer: nobody needs to wake the loop. Keeps one wake-up from becoming
     * many.
     */
    private final AtomicBoolean roundDue = new AtomicBoolean();

    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean tearingDown = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch tornDown = new CountDownLatch(1);

    /** Requests that were cancelled while they waited, since the last purge; most of them are still in a queue. */
    private final AtomicInteger cancelledWaiting = new AtomicInteger();

    private volatile int purgeAt = PURGE_AT_LEAST;

    /** Everything that is outstanding when the engine is closed. */
    private final ClosedRequests all = new ClosedRequests(null);

    /** Threads that complete requests of a close: what they call must not wait for them. */
    private final Set<Thread> delivering = ConcurrentHashMap.newKeySet();

    private final RateLimitedLog log = new RateLimitedLog(EchoLoop.class);
    private final Set<IpVersion> versions;
    private final String shortfall;
    private final boolean stampsArrivals;
    private final Outcomes outcomes = new Outcomes();
    private final LoopLock lock = outcomes.lock;
    private final EventLoop loop;
    private final HostAddresses addresses;
    private final EchoReceiver receiver;
    private final EchoSender sender;
    private final Timeouts timeouts;
    private final SocketSet sockets;

    private final Map<SocketKey, SendQueue> queues = new LinkedHashMap<>();

    /** The same once more: every turn goes through them, and a map makes an object for that. */
    private List<SendQueue> inTurn = List.of();

    /**
     * The queue of the last request, which is mostly that of the next: a look-up by key costs as much as a deadline.
     */
    private @Nullable SendQueue last;

    /** Made once: to wake the loop must not need memory. */
    private final Runnable round = this::work;

    private final Runnable tearDown = this::tearDown;

    private volatile @Nullable Throwable startFailure;

    /** The loop's. */
    private volatile @Nullable Thread thread;

    /** Belongs to the loop's thread. */
    private boolean working;

    /** Keeps the probe of the stack from being optimised away. */
    private long probed;

    /** The rest belongs to who holds the lock. */
    private boolean ended;

    EchoLoop(
            String name,
            SocketKind kind,
            SocketSettings settings,
            FamilySockets families,
            EventLoopSource source,
            SendPace pace)
            throws SystemCallException {
        this.name = name;
        this.kind = kind;
        this.identifierPeriodNanos = settings.identifierPeriodNanos();
        this.versions = Set.copyOf(families.versions());
        this.shortfall = families.shortfall();
        Map<SocketKey, IcmpSocket> first = families.sockets();
        this.stampsArrivals = first.values().stream().allMatch(IcmpSocket::stampsArrivals);
        HostAddresses newAddresses = null;
        EchoReceiver newReceiver = null;
        EchoSender newSender = null;
        SocketSet newSockets = null;
        EventLoop opened = null;
        try {
            newAddresses = new HostAddresses(settings);
            this.addresses = newAddresses;
            newReceiver = new EchoReceiver(outcomes);
            this.receiver = newReceiver;
            newSender = new EchoSender(outcomes, submitted, pace, addresses);
            this.sender = newSender;
            newSockets = new SocketSet(kind, settings, receiver, outcomes);
            this.sockets = newSockets;
            this.timeouts = new Timeouts(receiver, outcomes);
            opened = source.open(name + "-loop", this::work, this::loopFailed);
            this.loop = opened;
            if (loop.inLoop()) {
                startAll(first);
            } else {
                loop.execute(() -> startAll(first)); // rejected if the group that is lent is being shut down
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            try {
                closeParts(newSockets, newSender, newReceiver, newAddresses);
            } finally {
                if (opened != null) {
                    end(opened);
                }
            }
            throw e;
        }
    }

    /** Those that there are; an opening may have failed before the others. */
    private static void closeParts(
            @Nullable SocketSet sockets,
            @Nullable EchoSender sender,
            @Nullable EchoReceiver receiver,
            @Nullable HostAddresses addresses) {
        if (sockets != null) {
            sockets.close();
        }
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        if (addresses != null) {
            addresses.close();
        }
    }

    /** Ends a loop that no engine came to use; on its own thread, which may sleep. */
    private static void end(EventLoop loop) {
        try {
            loop.execute(loop::shutdown);
        } catch (RuntimeException | Error e) { // it has ended, or cannot be woken
            loop.shutdown();
        }
    }

    /** Fails as the start has failed, everything being released then. */
    void awaitStart() throws SystemCallException {
        try {
            if (!started.await(START_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{}: the event loop has not begun to work within {} seconds", name, START_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sockets are started without the caller
        }
        Throwable failure = startFailure;
        if (failure instanceof SystemCallException refused) {
            throw refused;
        } else if (failure != null) {
            throw new IllegalStateException("the event loop takes no sockets: " + failure.getMessage(), failure);
        }
    }

    /** {@return whether the kernel stamps what arrives} */
    public boolean stampsArrivals() {
        return stampsArrivals;
    }

    /** {@return why one family could not be opened; empty if both could} */
    public String shortfall() {
        return shortfall;
    }

    /** {@return the families that could be opened, or were only short of descriptors or memory} */
    public Set<IpVersion> versions() {
        return versions;
    }

    /**
     * Counts stray packets for one more requester.
     *
     * @param counters its counters
     */
    public void add(EchoCounters counters) {
        outcomes.add(counters);
    }

    void remove(EchoCounters counters) {
        outcomes.remove(counters);
    }

    String name() {
        return name;
    }

    /** {@return whether the calling thread is the loop's} */
    public boolean inLoop() {
        return loop.inLoop();
    }

    /**
     * Takes a request; from any thread.
     *
     * @param echo the request
     */
    public void submit(PendingEcho echo) {
        if (submitted.push(echo)) {
            wakeLoop();
        }
    }

    /** The sums are only there to be kept on the stack across the call. */
    private static long probeStack(int depth, long a, long b, long c, long d) {
        return depth == 0 ? a + b : probeStack(depth - 1, b + d, c ^ a, d + b, a + depth) + (a ^ b) + (c ^ d);
    }

    private void wakeLoop() {
        if (roundDue.get()) {
            return;
        }
        probed =
                probeStack(PROBE_DEPTH, probed, 2, 3, 4); // where the stack ends, it ends here: nothing has changed yet
        if (!roundDue.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(round);
            LoopWatch.wake();
        } catch (RejectedExecutionException e) {
            // The loop was shut down under us, which tears this engine down, or is just doing so: nobody will come
            // again.
            collectAndDeliver(all);
        } catch (Throwable t) { // no memory, as a rule: others may have relied on this call to wake the loop
            lock.lock();
            try {
                outcomes.failed.because(t);
                failSubmitted();
                deliverFailed();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Frees the slot of a request that its caller has given up, or counts it, so that the queues are purged of such
     * requests before they hold many; from any thread.
     *
     * @param echo the request, which is complete
     */
    public void cancelled(PendingEcho echo) {
        if (echo.handle() >= 0) {
            freeSlot(echo);
        } else if (cancelledWaiting.incrementAndGet() >= purgeAt && lock.tryLock()) { // else the next one tries again
            try {
                purge();
            } finally {
                lock.unlock();
            }
        }
    }

    private void freeSlot(PendingEcho echo) {
        if (lock.tryLock()) {
            try {
                free(echo);
            } finally {
                lock.unlock();
            }
            return;
        }
        try {
            loop.execute(() -> freeSlotLocked(echo));
        } catch (RejectedExecutionException e) {
            LOG.trace("{}: cancelled after the loop had ended", name, e);
        } catch (RuntimeException | Error e) { // no memory, as a rule, and nobody else would free it
            freeSlotLocked(echo);
        }
    }

    private void freeSlotLocked(PendingEcho echo) {
        lock.lock();
        try {
            free(echo);
        } finally {
            lock.unlock();
        }
    }

    private void free(PendingEcho echo) {
        EchoSocket socket = sockets.of(echo);
        if (socket != null) {
            socket.cancelled(echo);
        }
    }

    /** With the lock held. It goes through all that wait, but only once for each half as many that were cancelled. */
    private void purge() {
        EchoQueue kept = new EchoQueue();
        cancelledWaiting.set(0);
        PendingEcho echo = submitted.takeAll();
        while (echo != null) {
            PendingEcho younger = echo.next();
            if (echo.isDone()) {
                echo.letGo();
            } else {
                kept.addLast(echo);
            }
            echo = younger;
        }
        submitted.putBack(kept.peek());
        int left = kept.size();
        for (int i = 0; i < inTurn.size(); i++) {
            left += inTurn.get(i).purge();
        }
        purgeAt = left / 2 + PURGE_AT_LEAST;
    }

    /** {@return whether a round runs, or is to run at once} */
    boolean isAtWork() {
        return roundDue.get();
    }

    /** {@return what changes with each round and each outcome; read without the lock, and so perhaps not exactly} */
    long progress() {
        return outcomes.progress;
    }

    /** {@return the loop's thread; null before it has started} */
    @Nullable
    Thread thread() {
        return thread;
    }

    private void report(Throwable met) {
        if (met instanceof SystemCallException refusal) {
            log.warn(name, "the system does not let answers be read: " + refusal.getMessage(), null);
        } else {
            log.warn(name, DEFECT, met);
        }
    }

    private void work() {
        work(null, 0);
    }

    private void work(@Nullable EchoSocket ready, int events) {
        if (working) {
            return;
        }
        working = true;
        lock.lockPolitely();
        boolean failed = false;
        Throwable met;
        try {
            if (!ended) {
                round(ready, events);
            }
        } catch (RuntimeException | Error e) {
            failed = true;
            fail(e);
        } finally {
            met = outcomes.defect;
            outcomes.defect = null;
            lock.unlock();
            working = false;
        }
        if (met != null) {
            report(met); // logging is foreign code and may block: the lock is free meanwhile
        }
        if (failed) {
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        }
    }

    private void round(@Nullable EchoSocket ready, int events) {
        roundDue.set(true);
        outcomes.progress++;
        LoopWatch.wake();
        outcomes.deliverFailed();
        boolean moved = turns(ready, events);
        expire();
        setTimer(moved || !mayRest() ? System.nanoTime() : nextNanos());
    }

    /**
     * The one fence around a round (SPEC OUT-1, OUT-4): whatever it has met, most likely a lack of memory, ends
     * everything that is outstanding. What is left is empty, so that the engine goes on. Needs no memory up to the
     * delivery.
     */
    private void fail(Throwable cause) {
        outcomes.defect = cause;
        outcomes.failed.because(cause);
        sender.abandon();
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).fail(outcomes.failed);
        }
        failSubmitted();
        deliverFailed();
        try {
            loop.wakeAt(System.nanoTime() + FAILURE_PAUSE_NANOS);
        } catch (RuntimeException | Error e) {
            outcomes.defect = e; // nothing is outstanding that would need the timer
        }
    }

    /** With the lock held. In this order: who comes later wakes the loop. */
    private void failSubmitted() {
        roundDue.set(false);
        PendingEcho echo = submitted.takeAll();
        while (echo != null) {
            PendingEcho younger = echo.next();
            outcomes.failed.add(echo);
            echo = younger;
        }
    }

    /** With the lock held. What cannot be delivered now is delivered by the next round, or by close. */
    private void deliverFailed() {
        try {
            outcomes.deliverFailed();
        } catch (RuntimeException | Error e) {
            outcomes.defect = e;
        }
    }

    /** {@return whether there is more to do than the time for one round allowed} */
    private boolean turns(@Nullable EchoSocket ready, int events) {
        if (ready != null) {
            serve(ready, events);
        }
        long end = System.nanoTime() + ROUND_NANOS;
        boolean moved;
        do {
            takeSubmissions();
            moved = turn() || !submitted.isEmpty();
        } while (moved && !lock.isWanted() && System.nanoTime() - end < 0);
        return moved;
    }

    /** Takes in what a socket has. */
    private void serve(EchoSocket ready, int events) {
        if ((events & ReadyHandler.ERROR) != 0) {
            receiver.drainErrors(ready);
        }
        if ((events & ReadyHandler.WRITABLE) != 0) {
            ready.gate.writable();
            ready.awaitWritable(false);
        }
        receiver.receive(ready);
    }

    /** {@return whether anything moved in a turn of every queue} */
    private boolean turn() {
        boolean moved = false;
        for (int i = 0; i < inTurn.size(); i++) {
            SendQueue queue = inTurn.get(i);
            moved |= queue.turn() || (queue.isStuck() && relieve(queue));
        }
        return moved;
    }

    /** {@return whether a queue has one socket more, or its head has left it, so that it has another turn} */
    private boolean relieve(SendQueue queue) {
        if (queue.mayGrow()) {
            try {
                queue.add(open(queue.key));
                return true;
            } catch (SystemCallException | RuntimeException | LinkageError e) {
                queue.failedToGrow(e);
            }
        }
        return queue.giveUpHead();
    }

    private void expire() {
        for (int i = 0; i < inTurn.size(); i++) {
            SendQueue queue = inTurn.get(i);
            queue.expire();
            for (EchoSocket old = queue.outworn(identifierPeriodNanos);
                    old != null;
                    old = queue.outworn(identifierPeriodNanos)) {
                renew(queue, old);
            }
        }
    }

    private void renew(SendQueue queue, EchoSocket old) {
        try {
            EchoSocket fresh = open(queue.key);
            queue.replace(old, fresh);
            LOG.debug("a new identifier: {} after {}", fresh.socket, old.socket);
        } catch (SystemCallException | RuntimeException | LinkageError e) { // a class that cannot be read, perhaps
            queue.failedToReplace();
            LOG.debug("no new identifier instead of {}", old.socket, e);
        }
    }

    private EchoSocket open(SocketKey key) throws SystemCallException {
        return watch(sockets.open(key));
    }

    private EchoSocket watch(EchoSocket socket) throws SystemCallException {
        try {
            socket.start(loop.watch(socket.socket.fd(), new Ready(socket)));
            return socket;
        } catch (SystemCallException | RuntimeException | Error e) {
            sockets.remove(socket);
            socket.socket.close();
            throw e;
        }
    }

    /** What the event loop says of one socket. */
    private final class Ready implements ReadyHandler {
        private final EchoSocket socket;

        Ready(EchoSocket socket) {
            this.socket = socket;
        }

        @Override
        public void ready(int events) {
            if (!socket.isReleased()) {
                work(socket, events);
            }
        }

        @Override
        public void released() {
            if (!socket.isReleased()) {
                socket.close();
                forget(socket);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // almost every key is one of the few constants
    private SendQueue queue(SocketKey key) {
        if (last != null && last.key == key) {
            return last;
        }
        SendQueue queue = queues.get(key);
        if (queue == null) {
            makeRoom();
            // A raw socket carries many identifiers: one per family and process, because each costs the whole host.
            int most = kind == SocketKind.RAW ? 1 : SendQueue.MAX_SOCKETS;
            queue = new SendQueue(key, most, sender, receiver, timeouts, addresses, outcomes);
            List<SendQueue> more = new ArrayList<>(inTurn);
            more.add(queue);
            inTurn = more; // first, so that a queue that is found has its turns
            queues.put(key, queue);
        }
        last = queue;
        return queue;
    }

    private void makeRoom() {
        if (queues.size() < MAX_QUEUES) {
            return;
        }
        List<SendQueue> idle = queues.values().stream()
                .filter(queue -> queue.key.boundSource() != null && queue.isIdle())
                .toList();
        List<SendQueue> others =
                inTurn.stream().filter(queue -> !idle.contains(queue)).toList();
        last = null;
        queues.values().removeAll(idle); // first, so that forget() knows that their sockets are not in use
        inTurn = others;
        idle.forEach(SendQueue::release);
    }

    /** {@return when a turn or an expiry is due though no packet arrives} */
    private long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < inTurn.size(); i++) {
            next = Math.min(next, inTurn.get(i).nextNanos());
        }
        return next;
    }

    /** {@return whether the loop may wait to be woken; it may not if a submission has come in between} */
    private boolean mayRest() {
        roundDue.set(false);
        return submitted.isEmpty() || !roundDue.compareAndSet(false, true);
    }

    /**
     * A round that was cut short goes on by the timer and not as a task: Netty runs tasks for up to a second before
     * I/O.
     */
    private void setTimer(long nanoTime) {
        try {
            loop.wakeAt(nanoTime);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: the event loop is ending", name, e);
        }
    }

    private void takeSubmissions() {
        PendingEcho echo = submitted.takeAll();
        try {
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (echo.isDone()) {
                    echo.next(null);
                    echo.letGo();
                } else {
                    if (echo.request().version() == IpVersion.V6
                            && echo.request().source().isPresent()) {
                        addresses.notice(System.nanoTime()); // a socket is bound to the source's current index
                    }
                    queue(SocketKey.of(echo.request(), kind, addresses)).enqueue(echo);
                }
                echo = younger;
            }
        } finally {
            submitted.putBack(echo); // where something was thrown
        }
    }

    /** Fails if the group that is lent is being shut down, or if the system does not watch the sockets. */
    private void startAll(Map<SocketKey, IcmpSocket> opened) {
        thread = Thread.currentThread();
        int begun = 0; // those after it have no owner but this method
        try {
            lock.lock();
            try {
                for (Map.Entry<SocketKey, IcmpSocket> each : opened.entrySet()) {
                    begun++;
                    EchoSocket socket = watch(sockets.add(each.getValue())); // from here on somebody closes it
                    queue(each.getKey()).add(socket);
                }
            } finally {
                lock.unlock();
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            startFailure = e;
            for (IcmpSocket each : opened.values()) {
                if (begun-- <= 0) {
                    each.close();
                }
            }
            closing.set(true);
            tearDown();
        } finally {
            started.countDown();
        }
    }

    /**
     * Completes the requests of a requester that has left already, without waiting.
     *
     * @param requester whose requests
     */
    public void sweep(EchoCompletion requester) {
        collectAndDeliver(new ClosedRequests(requester));
    }

    /** The loop ends them, unless it has ended itself, or waits for this very call. */
    void endRequests(ClosedRequests closed) {
        if (isDelivering() || !runOrIgnore(() -> collectAndDeliver(closed))) {
            collectAndDeliver(closed);
        }
    }

    private void collectAndDeliver(ClosedRequests closed) {
        lock.lock();
        try {
            collect(closed);
        } finally {
            lock.unlock();
        }
        deliver(closed);
    }

    /** {@return whether the requests are taken out now; another thread may have done so} */
    boolean tryCollect(ClosedRequests closed, long nanos) {
        if (!lock.tryLock(nanos)) {
            return false;
        }
        try {
            collect(closed);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** With the lock held. */
    private void collect(ClosedRequests closed) {
        if (closed.isCollected()) {
            return;
        }
        try { // Nothing here needs memory: what was taken out of its place would be lost.
            PendingEcho echo = closed.isAll() ? submitted.close() : submitted.takeAll();
            EchoQueue kept = closed.kept;
            while (echo != null) {
                PendingEcho younger = echo.next();
                if (closed.includes(echo)) {
                    closed.addUnsent(echo);
                } else {
                    kept.addLast(echo);
                }
                echo = younger;
            }
            submitted.putBack(kept.peek());
            for (int i = 0; i < inTurn.size(); i++) {
                inTurn.get(i).collect(closed);
            }
            outcomes.failed.collect(closed);
        } finally {
            closed.setCollected();
        }
    }

    void deliver(ClosedRequests closed) {
        deliver(closed, DELIVERY_NANOS);
    }

    void deliver(ClosedRequests closed, long patienceNanos) {
        Thread thread = Thread.currentThread();
        boolean outermost = false;
        try {
            outermost = delivering.add(thread);
        } catch (OutOfMemoryError e) {
            log.warn(name, DEFECT, e); // a listener that closes waits for itself then, for five seconds
        }
        try {
            closed.deliver(log, name, patienceNanos);
        } finally {
            if (outermost) {
                delivering.remove(thread);
            }
        }
    }

    private boolean runOrIgnore(Runnable task) {
        for (int i = 0; i < EXECUTE_ATTEMPTS; i++) {
            try {
                loop.execute(task);
                return true;
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: the event loop has ended", name, e);
                return false;
            } catch (RuntimeException | Error e) { // no memory, as a rule
                LockSupport.parkNanos(EXECUTE_PAUSE_NANOS);
            }
        }
        return false;
    }

    /** {@return whether it is closed or closing, by us or because its loop was shut down} */
    public boolean isClosed() {
        return closing.get();
    }

    /** {@return whether the calling thread completes requests of this engine: what it waits for would wait for it} */
    boolean isDelivering() {
        return loop.inLoop() || delivering.contains(Thread.currentThread());
    }

    /** {@return everything that is outstanding when the loop is closed} */
    ClosedRequests closed() {
        return all;
    }

    /** Begins to complete every request and to release everything, without waiting for that. */
    void beginClose() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        boolean accepted = runOrIgnore(tearDown);
        if (isDelivering() || !accepted) {
            collectAndDeliver(all);
        }
    }

    /**
     * {@return whether everything is released; an interrupt ends the wait and is kept, and closing goes on without the
     * caller}
     */
    boolean awaitRelease(CloseWait wait) {
        try {
            boolean released = tornDown.await(wait.nanosLeft(), TimeUnit.NANOSECONDS)
                    && loop.awaitEnd(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.nanosLeft())));
            if (!released) {
                LOG.warn(
                        "{}: close did not finish in five seconds; something blocks the loop, perhaps a listener",
                        name);
            }
            return released;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The loop is about to end for an error: so is everything on it, and every later request (SPEC OUT-4). */
    private void loopFailed(Throwable cause) {
        EchoOutcome.NotSent outcome = FailedRequests.outcome(cause);
        submitted.because(outcome);
        all.because(outcome);
        closing.set(true);
    }

    /** On the loop's thread or, where a lent loop has ended, on the one that tells so. */
    private void tearDown() {
        if (!tearingDown.compareAndSet(false, true)) {
            return;
        }
        collectAndDeliver(all);
        lock.lock();
        try {
            ended = true;
            outcomes.failed.collect(all); // of this thread, which another has closed meanwhile
        } finally {
            lock.unlock();
        }
        deliver(all);
        lock.lock();
        try {
            sockets.release();
        } finally {
            lock.unlock();
        }
        finishIfReleased();
    }

    /** The descriptor of a socket is closed. */
    private void forget(EchoSocket socket) {
        boolean inUse;
        boolean held = lock.isHeldByMe();
        if (!held) {
            lock.lock();
        }
        try {
            sockets.remove(socket);
            inUse = inTurn.stream().anyMatch(queue -> queue.has(socket));
        } finally {
            if (!held) {
                lock.unlock();
            }
        }
        if (tearingDown.get()) {
            finishIfReleased();
        } else if (inUse) {
            closing.set(true); // SPEC END-3. Nobody but a loop that is shut down under us releases a socket in use
            tearDown();
        }
    }

    private void finishIfReleased() {
        if (ended && sockets.isEmpty() && tornDown.getCount() > 0) {
            try {
                closeParts(sockets, sender, receiver, addresses);
            } finally {
                endLoop();
            }
        }
    }

    private void endLoop() {
        try {
            LoopWatch.remove(this);
        } finally {
            try {
                loop.shutdown();
            } finally {
                tornDown.countDown();
            }
        }
    }
}
