// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of all targets when they are due and reports their outcomes.
 *
 * <p>A timer thread sends; the engine's thread puts outcomes into a queue; the caller's thread counts and prints them.
 * A request is outstanding until it is printed, and the number of those is bounded. So a slow reader of standard output
 * slows the run down instead of filling the memory.
 */
final class PingRun implements Interruptible {
    /** Below a requester's default of 262,144, so none is refused. */
    private static final int MOST_OUTSTANDING = 200_000;

    /**
     * With several targets the threads wake at most this often, for all that is due: waking costs more than the work.
     */
    private static final long TICK_NANOS = 1_000_000;

    private static final long TICKS_OF_REPORT_NANOS = 100_000_000;

    private final EchoRequester requester;
    /** What each target is asked; it changes when a name has another address. */
    private final AtomicReferenceArray<Asked> asked;

    private final List<TargetStatistics> statistics;
    private final PingReport report;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final SendSchedule schedule;
    private final PingPlan plan;

    /** Rounds that left a target out because it had given all the replies that are wanted; the timer thread's. */
    private final long[] skipped;

    /** The last request of each target, if the user wants to know of those without an answer; the timer thread's. */
    private final @Nullable Probe[] latest;

    /** How many targets have not given the replies that are wanted. */
    private final AtomicInteger unsatisfied;

    private @Nullable Future<?> nextRound;
    private final long startNanos = System.nanoTime();
    private final RunEvents events = new RunEvents();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final ScheduledExecutorService timer = timer();
    private volatile boolean everythingSent;
    private volatile boolean stopped;
    private volatile boolean summaryWanted;
    private volatile @Nullable Throwable failure;

    PingRun(
            EchoRequester requester,
            List<Asked> asked,
            List<TargetStatistics> statistics,
            PingPlan plan,
            PingReport report,
            CommandContext context) {
        this.requester = requester;
        this.asked = new AtomicReferenceArray<>(asked.toArray(Asked[]::new));
        this.statistics = statistics;
        this.report = report;
        this.out = context.out();
        this.err = context.err();
        this.terminal = context.terminal().isPresent();
        this.plan = plan;
        this.schedule = new SendSchedule(
                startNanos, plan.interval().toNanos(), statistics.size(), plan.rounds(), plan.preload(), plan.burst());
        this.skipped = new long[statistics.size()];
        this.latest = plan.tellsOutstanding() ? new Probe[statistics.size()] : new Probe[0];
        this.unsatisfied = new AtomicInteger(statistics.size());
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, PingRun::timerThread);
        timer.setRemoveOnCancelPolicy(true); // each round that is hastened leaves one
        return timer;
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "netecho-timer");
        thread.setDaemon(true);
        return thread;
    }

    /** Ends the run early; {@link #run} then reports what has ended so far. */
    @Override
    public void stop() {
        stopped = true;
        events.wake();
    }

    @Override
    public void summarize() {
        summaryWanted = true;
        events.wake();
    }

    /** Asks another address from now on; any thread may call this. */
    void moved(int index, Asked now) {
        asked.set(index, now);
        events.add(new RunEvent.Moved(index, now.target()));
    }

    /** {@return what the run has found} */
    RunResult run() throws InterruptedException {
        report.started();
        flush();
        timer.execute(this::sendWhatIsDue);
        try {
            reportUntilOver();
        } finally {
            timer.shutdownNow();
        }
        if (failure != null) {
            throw new IllegalStateException("sending failed: " + failure, failure);
        }
        timer.awaitTermination(1, TimeUnit.SECONDS);
        for (int i = 0; i < statistics.size(); i++) {
            statistics.get(i).asked(schedule.begun(i) - skipped[i]);
        }
        RunResult result = RunResult.of(
                statistics,
                requester.statistics(),
                Duration.ofNanos(System.nanoTime() - startNanos),
                requester.provider());
        report.finished(result);
        flush();
        return result;
    }

    private void sendWhatIsDue() {
        try {
            if (nextRound != null) {
                nextRound.cancel(false); // there is another one if this was hastened
            }
            long now = System.nanoTime();
            schedule.catchUp(now);
            while (isSending() && schedule.dueNanos() - now <= 0 && outstanding.get() < MOST_OUTSTANDING) {
                send(schedule.target(), schedule.sequence());
                schedule.advance();
            }
            if (isSending()) {
                long delay = schedule.dueNanos() - System.nanoTime();
                boolean batches = statistics.size() > 1 || outstanding.get() >= MOST_OUTSTANDING;
                nextRound = timer.schedule(
                        this::sendWhatIsDue, batches ? Math.max(delay, TICK_NANOS) : delay, TimeUnit.NANOSECONDS);
            } else {
                everythingSent = true;
                events.wake();
            }
        } catch (RejectedExecutionException e) {
            events.wake(); // the run has ended meanwhile
        } catch (RuntimeException | Error e) {
            failure = e;
            stop();
        }
    }

    private boolean isSending() {
        // The next round of an adaptive run may begin long before it is due.
        long next = plan.adaptive() ? System.nanoTime() : schedule.dueNanos();
        return !stopped
                && schedule.hasNext()
                && unsatisfied.get() > 0
                && (plan.deadline() == null
                        || next - startNanos < plan.deadline().toNanos());
    }

    private void send(int index, long sequence) {
        if (statistics.get(index).received() >= plan.repliesWanted()) {
            skipped[index]++;
            return;
        }
        Asked now = asked.get(index);
        Probe probe = new Probe(events, index, now.target(), sequence);
        outstanding.incrementAndGet();
        if (plan.tellsOutstanding()) {
            Probe before = latest[index];
            if (before != null && before.outcome() == null) {
                events.add(new RunEvent.StillWaiting(index, before.sequence()));
            }
            latest[index] = probe;
        }
        EchoRequest request = now.request();
        if (request == null) {
            probe.end(NotSent.because(
                    NotSentReason.INVALID_DESTINATION, now.target().trouble()));
        } else {
            requester.sendAsync(untilDeadline(request), probe);
        }
    }

    /** {@return the request, its timeout no later than the end of the run if the plan says so} */
    private EchoRequest untilDeadline(EchoRequest request) {
        Duration deadline = plan.deadline();
        if (deadline == null || !plan.cutsTimeouts()) {
            return request;
        }
        long left = Math.max(1, deadline.toNanos() - (System.nanoTime() - startNanos));
        if (left >= request.timeout().toNanos()) {
            return request;
        }
        EchoRequest.Builder shorter = EchoRequest.newBuilder(request.destination())
                .payload(request.payload())
                .options(request.options())
                .timeout(Duration.ofNanos(left));
        request.source().ifPresent(shorter::source);
        return shorter.build();
    }

    /** Begins the next round of an adaptive run. Runs on the timer thread. */
    private void hasten() {
        if (outstanding.get() == 0) { // nothing was sent since
            schedule.hasten(System.nanoTime(), plan.shortest().toNanos());
            sendWhatIsDue();
        }
    }

    private void reportUntilOver() throws InterruptedException {
        long lastFlush = System.nanoTime();
        // Only a terminal shows the time that passes; all other work comes through the queue.
        long patience = terminal ? TICKS_OF_REPORT_NANOS : Long.MAX_VALUE;
        while (!(everythingSent && outstanding.get() == 0) && !stopped) {
            RunEvent event = events.poll(patience);
            if (event != null) {
                report(event);
            }
            if (summaryWanted) {
                summaryWanted = false;
                interim();
            }
            long now = System.nanoTime();
            if (events.size() == 0 || now - lastFlush > TICKS_OF_REPORT_NANOS) {
                lastFlush = now;
                report.tick();
                flush();
                if (statistics.size() > 1) {
                    TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
                }
            }
        }
        // After an interrupt, report what has an outcome, and do not wait for the rest.
        for (int left = events.size(); left > 0; left--) {
            RunEvent event = events.take();
            if (event != null) { // always: no other thread takes
                report(event);
            }
        }
    }

    private void interim() {
        report.interrupted();
        flush();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        SummaryText.soFar(statistics, elapsed).forEach(err::println);
        err.flush();
    }

    private void report(RunEvent event) {
        if (event instanceof RunEvent.StillWaiting waiting) {
            report.outstanding(statistics.get(waiting.index()), waiting.sequence());
        } else if (event instanceof RunEvent.Moved moved) {
            TargetStatistics target = statistics.get(moved.index());
            report.moved(target.target(), moved.target());
            target.moved(moved.target());
        } else if (event instanceof Probe probe) {
            EchoOutcome outcome = probe.outcome();
            if (outcome != null) { // always: it is here because it has ended
                ended(probe, outcome);
            }
        }
    }

    private void ended(Probe probe, EchoOutcome outcome) {
        TargetStatistics target = statistics.get(probe.index());
        target.add(outcome);
        if (outcome.isReply() && target.received() == plan.repliesWanted()) {
            if (unsatisfied.decrementAndGet() == 0) {
                // Ends the run before the next round is due.
                timer.execute(this::sendWhatIsDue);
            }
        }
        report.outcome(target, probe, outcome);
        // What cannot be sent ends at once: it must not set the pace.
        boolean wasSent = !(outcome instanceof NotSent);
        if (outstanding.decrementAndGet() == 0 && wasSent && plan.adaptive() && !everythingSent) {
            timer.execute(this::hasten);
        }
    }

    /** A reader that has gone, as {@code head} does, ends the run. */
    private void flush() {
        if (out.checkError()) {
            stopped = true;
        }
    }
}
