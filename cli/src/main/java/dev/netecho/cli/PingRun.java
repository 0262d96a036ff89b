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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of all targets when they are due and reports their outcomes.
 *
 * <p>A timer thread sends; the engine's thread puts outcomes into a queue; the caller's thread counts and prints them.
 * A request is outstanding until it is printed, and the number of those is bounded. So a slow reader of standard output
 * slows the run down instead of filling the memory.
 */
final class PingRun implements Interruptible {
    /** Below a requester's default of 262,144, so that none is refused. */
    private static final int MOST_OUTSTANDING = 200_000;

    /**
     * With several targets the threads wake at most this often, for all that is due: waking costs more than the work.
     */
    private static final long TICK_NANOS = 1_000_000;

    private static final long TICKS_OF_REPORT_NANOS = 100_000_000;

    private final EchoRequester requester;
    private final List<@Nullable EchoRequest> requests;
    private final List<TargetStatistics> statistics;
    private final PingReport report;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final SendSchedule schedule;
    private final long startNanos = System.nanoTime();
    private final BlockingQueue<Probe> ended = new LinkedBlockingQueue<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1, PingRun::timerThread);
    private volatile boolean everythingSent;
    private volatile boolean stopped;
    private volatile boolean summaryWanted;
    private volatile @Nullable Throwable failure;

    PingRun(
            EchoRequester requester,
            List<@Nullable EchoRequest> requests,
            List<TargetStatistics> statistics,
            Duration interval,
            long rounds,
            PingReport report,
            CommandContext context) {
        this.requester = requester;
        this.requests = requests;
        this.statistics = statistics;
        this.report = report;
        this.out = context.out();
        this.err = context.err();
        this.terminal = context.terminal().isPresent();
        this.schedule = new SendSchedule(startNanos, interval.toNanos(), requests.size(), rounds);
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
        wake();
    }

    @Override
    public void summarize() {
        summaryWanted = true;
        wake();
    }

    private void wake() {
        ended.add(new Probe(ended, -1, 0));
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
            statistics.get(i).asked(schedule.begun(i));
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
            long now = System.nanoTime();
            schedule.catchUp(now);
            while (!stopped
                    && schedule.hasNext()
                    && schedule.dueNanos() - now <= 0
                    && outstanding.get() < MOST_OUTSTANDING) {
                outstanding.incrementAndGet();
                Probe probe = new Probe(ended, schedule.target(), schedule.sequence());
                send(probe);
                schedule.advance();
            }
            if (schedule.hasNext() && !stopped) {
                long delay = schedule.dueNanos() - System.nanoTime();
                boolean batches = requests.size() > 1 || outstanding.get() >= MOST_OUTSTANDING;
                Future<?> unused = timer.schedule(
                        this::sendWhatIsDue, batches ? Math.max(delay, TICK_NANOS) : delay, TimeUnit.NANOSECONDS);
            } else {
                everythingSent = true;
                wake();
            }
        } catch (RejectedExecutionException e) {
            wake(); // the run has ended meanwhile
        } catch (RuntimeException | Error e) {
            failure = e;
            stop();
        }
    }

    private void send(Probe probe) {
        Target target = statistics.get(probe.target()).target();
        if (target.isResolved()) {
            requester.sendAsync(requests.get(probe.target()), probe);
        } else {
            probe.end(NotSent.because(NotSentReason.INVALID_DESTINATION, target.trouble()));
        }
    }

    private void reportUntilOver() throws InterruptedException {
        long lastFlush = System.nanoTime();
        // Only a terminal shows the time that passes; all other work comes through the queue.
        long patience = terminal ? TICKS_OF_REPORT_NANOS : Long.MAX_VALUE;
        while (!(everythingSent && outstanding.get() == 0) && !stopped) {
            Probe probe = ended.poll(patience, TimeUnit.NANOSECONDS);
            if (probe != null) {
                report(probe);
            }
            if (summaryWanted) {
                summaryWanted = false;
                interim();
            }
            long now = System.nanoTime();
            if (ended.isEmpty() || now - lastFlush > TICKS_OF_REPORT_NANOS) {
                lastFlush = now;
                report.tick();
                flush();
                if (requests.size() > 1) {
                    TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
                }
            }
        }
        // After an interrupt, report what has an outcome, and do not wait for the rest.
        for (int left = ended.size(); left > 0; left--) {
            report(ended.remove());
        }
    }

    private void interim() {
        report.interrupted();
        flush();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        SummaryText.soFar(statistics, elapsed).forEach(err::println);
        err.flush();
    }

    private void report(Probe probe) {
        EchoOutcome outcome = probe.outcome();
        if (outcome != null) {
            outstanding.decrementAndGet();
            TargetStatistics target = statistics.get(probe.target());
            target.add(outcome);
            report.outcome(target, probe.sequence(), outcome);
        }
    }

    /** A reader that has gone, as {@code head} does, ends the run. */
    private void flush() {
        if (out.checkError()) {
            stopped = true;
        }
    }
}
