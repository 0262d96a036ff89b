// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.IcmpErrorKind;
import dev.netecho.backend.RateLimitedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a sweep, on its own thread: sends what is due, receives, and keeps the findings, pass after pass.
 *
 * <p>A position is the place of an address in the order of its shard. Positions are asked one after the other, so that
 * those whose cool-down is not over are always the last ones.
 */
final class SweepRun implements SweepAnswers {
    private static final RateLimitedLog LOG = new RateLimitedLog(Sweep.class);
    private static final String NAME = "sweep";

    /** How often hosts are asked again because this host lost something, or did not send. */
    private static final int MOST_DOUBT_PASSES = 3;

    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** An engine that owes outcomes for longer than this after they were due is not waited for. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Moments within a cool-down that are remembered. */
    private static final int MARKS = 64;

    private final SweepTargets targets;
    private final RangeSet forbidden;
    private final SweepWay way;
    private final SweepListener listener;
    private final int rate;
    private final long coolDownNanos;
    private final boolean tellSilent;
    private final long checkpointNanos;

    private final Checkpoint state;
    private final Findings findings;
    private final SweepOrder order;
    private final SweepProbes probes = new SweepProbes();
    private final SweepBatch batch = new SweepBatch();
    private final long startNanos = System.nanoTime();
    private final @Nullable CheckpointWriter writer;

    private SweepPace pace;

    /** The next position to look at, and the next to be sent: between them are the probes that wait. */
    private long next;

    private long sent;

    private long lastSentNanos;

    /** The first position that this pass asked in this run. */
    private long passStart;

    /** Outcomes that the way owes, in all and for each slice. */
    private long due;

    private final int[] dueOf;

    /** Which position was the next one to be sent at which time, for the last cool-down. */
    private final long[] markPositions = new long[MARKS];

    private final long[] markNanos = new long[MARKS];
    private int marks;

    /** What the system refused in this pass. */
    private boolean systemRefused;

    /** The system's first reason not to send; it does not end the sweep. */
    private @Nullable String refusal;

    private @Nullable String trouble;
    private boolean interrupted;
    private volatile boolean stopping;
    private volatile SweepProgress progress;
    private long progressNanos = startNanos;
    private long progressPackets;
    private long writtenNanos = startNanos;

    SweepRun(Sweep.Builder builder, Checkpoint state, SweepWay way) {
        this.targets = builder.targets;
        RangeSet own = builder.own;
        this.forbidden = (own == null ? OwnAddresses.now() : own).minus(targets.named);
        this.way = way;
        this.listener = builder.listener;
        this.rate = builder.rate;
        this.coolDownNanos = builder.coolDown.toNanos();
        this.tellSilent = builder.tellSilent;
        this.checkpointNanos = builder.checkpointNanos;
        this.state = state;
        this.findings = state.findings;
        this.order = new SweepOrder(targets.asked.size(), state.seed);
        this.dueOf = new int[way.tellsEveryOutcome() ? findings.slices() : 0];
        this.writer = builder.checkpoint == null ? null : new CheckpointWriter(builder.checkpoint);
        this.pace = new SweepPace(rate, startNanos);
        this.next = state.cursor;
        this.sent = state.cursor;
        this.progressPackets = state.packets;
        this.progress = progress(startNanos);
    }

    void stop() {
        stopping = true;
    }

    String wayName() {
        return way.name();
    }

    SweepProgress progress() {
        return progress;
    }

    SweepReport run() {
        try (way) {
            tellWhatIsKnown();
            while (!state.complete && pass()) {
                state.complete = !beginNextPass();
            }
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            interrupted = true;
            trouble = "the thread of the sweep was interrupted";
        } catch (RuntimeException | Error e) {
            // Whoever waits gets the report of what was found until now.
            trouble = "the way " + way.name() + " failed: " + e + "; report this as a defect";
            LOG.warn(NAME, "the way " + way.name() + " failed", e);
        }
        SweepReport report = finish();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    private SweepReport finish() {
        flush();
        state.cursor = state.complete ? findings.size : safeCursor(System.nanoTime());
        if (writer != null) {
            writer.write(state.copy());
            String failure = writer.finish();
            trouble = trouble == null ? failure : trouble;
        }
        progress = progress(System.nanoTime());
        tell(() -> listener.onProgress(progress));
        if (tellSilent && state.complete) {
            tellWhoIsSilent();
        }
        return report();
    }

    /** {@return whether it went to the end} */
    private boolean pass() throws IOException, InterruptedException {
        pace = new SweepPace(rate, System.nanoTime());
        for (int i = 0; i < state.doubtPasses; i++) {
            pace.slowDown();
        }
        passStart = sent;
        markPositions[0] = sent;
        markNanos[0] = System.nanoTime() - coolDownNanos;
        marks = 1;
        lastSentNanos = markNanos[0];
        while (!stopping) {
            long now = System.nanoTime();
            fill(pace.available(now, SweepProbes.MOST));
            long wait = LONGEST_WAIT_NANOS;
            if (probes.size() > 0) {
                wait = send(now) ? untilNext() : SHORTEST_WAIT_NANOS;
            } else if (next < findings.size) {
                wait = untilNext();
            } else if (isOver(now)) {
                return true;
            }
            way.receive(this, wait);
            flush();
            look(now);
        }
        return false;
    }

    /** Below a millisecond it would wake for each probe: it rather sends what has become due meanwhile. */
    private long untilNext() {
        long wait = pace.waitNanos(System.nanoTime());
        return wait == 0 ? 0 : Math.min(LONGEST_WAIT_NANOS, Math.max(SHORTEST_WAIT_NANOS, wait));
    }

    /** {@return whether every answer of the pass that counts has arrived} */
    private boolean isOver(long now) {
        if (!way.tellsEveryOutcome()) {
            return now - lastSentNanos >= coolDownNanos;
        }
        if (due > 0 && now - lastSentNanos > 2 * coolDownNanos + PATIENCE_NANOS) {
            for (int slice = 0; slice < dueOf.length; slice++) {
                if (dueOf[slice] > 0) {
                    findings.doubt.set(slice);
                    dueOf[slice] = 0;
                }
            }
            due = 0;
        }
        return due == 0;
    }

    private void fill(int room) {
        while (next < findings.size && probes.size() < room) {
            long position = next;
            if (isWanted(position)) {
                long index = order.at(state.shard + position * state.shards);
                long high = targets.asked.highAt(index);
                long low = targets.asked.lowAt(index);
                if (forbidden.indexOf(high, low) >= 0) {
                    findings.refuse(position);
                } else {
                    probes.add(high, low, position);
                }
            }
            next++;
            if (probes.size() == 0) {
                sent = next;
            }
        }
    }

    private boolean isWanted(long position) {
        return findings.isOpen(position)
                ? state.asksSilent || findings.doubtBefore.get(Findings.slice(position))
                : Findings.has(findings.refused, position);
    }

    /** {@return whether the way took any} */
    private boolean send(long now) throws IOException {
        int taken = way.send(probes);
        if (taken == 0) {
            return false;
        }
        for (int i = 0; i < taken; i++) {
            long position = probes.position(i);
            findings.asked(position, state.pass > 1 && !Findings.has(findings.refused, position));
            if (way.tellsEveryOutcome()) {
                dueOf[Findings.slice(position)]++;
                due++;
            }
        }
        probes.removeFirst(taken);
        state.packets += taken;
        pace.sent(taken);
        sent = probes.size() > 0 ? probes.position(0) : next;
        lastSentNanos = System.nanoTime();
        mark(now);
        return true;
    }

    /** Before the probes that were sent from that time on there is the position of the last mark, or an earlier one. */
    private void mark(long now) {
        if (now - markNanos[marks - 1] < coolDownNanos / (MARKS / 2)) {
            return;
        }
        if (marks == MARKS) {
            System.arraycopy(markPositions, 1, markPositions, 0, MARKS - 1);
            System.arraycopy(markNanos, 1, markNanos, 0, MARKS - 1);
            marks--;
        }
        markPositions[marks] = sent;
        markNanos[marks++] = lastSentNanos;
    }

    /** {@return the first position whose result is not final yet} */
    private long safeCursor(long now) {
        long safe = 0;
        if (now - lastSentNanos >= coolDownNanos) {
            safe = sent;
        } else {
            safe = markPositions[0];
            for (int i = 0; i < marks && now - markNanos[i] >= coolDownNanos; i++) {
                safe = markPositions[i];
            }
        }
        for (int slice = 0; due > 0 && slice < dueOf.length; slice++) {
            if (dueOf[slice] > 0) {
                return Math.min(safe, Math.max(Findings.sliceStart(slice), passStart));
            }
        }
        return safe;
    }

    private boolean beginNextPass() {
        boolean inDoubt = systemRefused || !findings.doubt.isEmpty();
        boolean retry = state.retries > 0;
        if (!retry && (!inDoubt || state.doubtPasses == MOST_DOUBT_PASSES)) {
            return false;
        }
        if (inDoubt && state.doubtPasses < MOST_DOUBT_PASSES) {
            state.doubtPasses++;
        }
        state.retries -= retry ? 1 : 0;
        state.asksSilent = retry;
        state.pass++;
        findings.beginPass();
        systemRefused = false;
        next = 0;
        sent = 0;
        return true;
    }

    private void look(long now) {
        if (now - progressNanos >= PROGRESS_NANOS) {
            progress = progress(now);
            progressNanos = now;
            progressPackets = state.packets;
            tell(() -> listener.onProgress(progress));
        }
        if (writer != null && now - writtenNanos >= checkpointNanos && writer.isIdle()) {
            writtenNanos = now;
            state.cursor = safeCursor(System.nanoTime());
            writer.write(state.copy());
        }
    }

    private SweepProgress progress(long now) {
        double seconds = (now - progressNanos) / 1e9;
        return new SweepProgress(
                state.pass,
                findings.size,
                sent,
                state.packets,
                findings.answers(),
                findings.errors(),
                seconds <= 0 ? 0 : (state.packets - progressPackets) / seconds,
                Duration.ofNanos((long) pace.nanos(findings.size - sent) + coolDownNanos));
    }

    private SweepReport report() {
        long openTo = state.complete || state.pass > 1 ? findings.size : state.cursor;
        long left = findings.open(openTo, findings.size);
        BitSet doubt = (BitSet) findings.doubt.clone();
        if (!state.complete) {
            // What is not asked again yet is in doubt as before.
            BitSet before = (BitSet) findings.doubtBefore.clone();
            before.clear(0, Findings.slice(Math.min(state.cursor, findings.size - 1)));
            doubt.or(before);
        }
        long unsure = findings.open(0, openTo, doubt);
        long silent = findings.open(0, openTo) - unsure;
        long everywhere = (targets.refused() - state.shard + state.shards - 1) / state.shards;
        long refused = findings.refusals() + everywhere;
        long asked = findings.answers() + findings.errors() + silent + unsure + refused;
        return new SweepReport(
                findings.size + everywhere,
                asked,
                findings.answers(),
                findings.errors(),
                silent,
                unsure,
                refused,
                left,
                way.tellsDuplicates() ? OptionalLong.of(findings.duplicates()) : OptionalLong.empty(),
                state.packets,
                Duration.ofNanos(System.nanoTime() - startNanos),
                way.name(),
                state.seed,
                state.shard,
                state.shards,
                state.complete,
                Optional.ofNullable(trouble == null ? refusal : trouble));
    }

    private void tellWhatIsKnown() {
        if (state.packets == 0) {
            return;
        }
        for (long position = 0; position < findings.size && !stopping; position++) {
            boolean replied = Findings.has(findings.answered, position);
            if (replied || Findings.has(findings.error, position)) {
                long index = order.at(state.shard + position * state.shards);
                batch.add(
                        replied ? SweepBatch.Kind.KNOWN_REPLY : SweepBatch.Kind.KNOWN_ERROR,
                        targets.asked.highAt(index),
                        targets.asked.lowAt(index),
                        SweepBatch.UNKNOWN);
                flushIfFull();
            }
        }
        flush();
    }

    private void tellWhoIsSilent() {
        for (long i = 0; i < findings.size; i++) {
            // With one shard every index has a position of its own, and they are in the order of the addresses.
            long index = state.shards == 1 ? i : order.at(state.shard + i * state.shards);
            long position = state.shards == 1 ? order.positionOf(i) : i;
            if (findings.isOpen(position)) {
                boolean doubt = findings.doubt.get(Findings.slice(position));
                batch.add(
                        doubt ? SweepBatch.Kind.UNSURE : SweepBatch.Kind.SILENT,
                        targets.asked.highAt(index),
                        targets.asked.lowAt(index),
                        SweepBatch.UNKNOWN);
                flushIfFull();
            }
        }
        flush();
    }

    private void flushIfFull() {
        if (batch.isFull()) {
            flush();
        }
    }

    private void flush() {
        if (batch.size() > 0) {
            tell(() -> listener.onAnswers(batch));
            batch.clear();
        }
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) { // must not end the sweep
            LOG.warn(NAME, "a listener threw", e);
        }
    }

    /** {@return the position of an address that was asked; -1 for any other} */
    private long positionOf(long high, long low) {
        long index = targets.asked.indexOf(high, low);
        if (index < 0) {
            return -1;
        }
        long place = order.positionOf(index);
        long position = place / state.shards;
        return place % state.shards == state.shard && (position < sent || state.pass > 1) ? position : -1;
    }

    private void ended(long position) {
        if (way.tellsEveryOutcome() && dueOf[Findings.slice(position)] > 0) {
            dueOf[Findings.slice(position)]--;
            due--;
        }
    }

    @Override
    public void onReply(long high, long low, long roundTripNanos) {
        long position = positionOf(high, low);
        if (position < 0) {
            return;
        }
        ended(position);
        if (findings.reply(position)) {
            batch.add(SweepBatch.Kind.REPLY, high, low, roundTripNanos);
        } else if (findings.repeated(position)) {
            batch.add(SweepBatch.Kind.DUPLICATE, high, low, roundTripNanos);
        }
        flushIfFull();
    }

    @Override
    public void onError(
            long high, long low, IcmpErrorKind kind, long responderHigh, long responderLow, long roundTripNanos) {
        long position = positionOf(high, low);
        if (position < 0) {
            return;
        }
        ended(position);
        if (findings.fail(position)) {
            batch.add(SweepBatch.Kind.ERROR, high, low, kind, responderHigh, responderLow, roundTripNanos);
        }
        flushIfFull();
    }

    @Override
    public void onSilence(long high, long low) {
        long position = positionOf(high, low);
        if (position >= 0) {
            ended(position);
        }
    }

    @Override
    public void onDoubt(long high, long low) {
        long position = positionOf(high, low);
        if (position >= 0) {
            ended(position);
            findings.doubt.set(Findings.slice(position));
        }
    }

    @Override
    public void onRefusal(long high, long low, String why) {
        long position = positionOf(high, low);
        if (position >= 0) {
            ended(position);
            findings.refuse(position);
            systemRefused = true;
            refusal = refusal == null ? why : refusal;
        }
    }

    @Override
    public void onDrops() {
        if (sent > 0) {
            findings.doubt.set(Findings.slice(safeCursor(System.nanoTime())), Findings.slice(sent - 1) + 1);
        }
    }
}
