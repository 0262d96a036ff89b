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

    /** Positions that are looked at in one turn: in a later pass most are not asked, and answers come meanwhile. */
    private static final int MOST_LOOKS = 1 << 16;

    private final SweepTargets targets;
    private final RangeSet forbidden;
    private final SweepWay way;
    private final SweepTelling telling;
    private final int rate;
    private final long coolDownNanos;
    private final boolean tellSilent;
    private final long checkpointNanos;

    private final Checkpoint state;
    private final Findings findings;
    private final ShardOrder order;
    private final SentMarks marks;
    private final SweepProbes probes = new SweepProbes();
    private final long startNanos = System.nanoTime();
    private final @Nullable CheckpointWriter writer;
    private final Optional<SweepReport.Earlier> earlier;

    private SweepPace pace;

    /** The next position to look at, and the next to be sent: between them are the probes that wait. */
    private long next;

    private long sent;

    /** All that arrived, or was dropped, until {@link SweepWay#BUFFERED} before this time has been told. */
    private long heardNanos = startNanos;

    /** Outcomes that the way owes, in all and for each slice. */
    private long due;

    private final int[] dueOf;

    /** The system's first reason not to send; it does not end the sweep. */
    private @Nullable String refusal;

    private @Nullable String trouble;
    private boolean interrupted;
    private boolean toldAll = true;
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
        this.telling = new SweepTelling(builder.listener);
        this.rate = builder.rate;
        this.coolDownNanos = builder.coolDown.toNanos();
        this.tellSilent = builder.tellSilent;
        this.checkpointNanos = builder.checkpointNanos;
        this.state = state;
        this.findings = state.findings;
        this.order = new ShardOrder(targets.asked, state.seed, state.shard, state.shards);
        this.marks = new SentMarks(coolDownNanos + SweepWay.BUFFERED.toNanos());
        marks.begin(state.cursor, startNanos);
        this.dueOf = new int[way.tellsEveryOutcome() ? findings.slices() : 0];
        // Of a sweep that is complete it keeps the time of its end.
        this.writer = builder.checkpoint == null || state.complete ? null : new CheckpointWriter(builder.checkpoint);
        this.earlier = state.written == null
                ? Optional.empty()
                : Optional.of(new SweepReport.Earlier(
                        state.began, state.written, findings.answers(), findings.errors(), state.complete));
        this.pace = new SweepPace(rate, startNanos);
        this.next = state.cursor;
        this.sent = state.cursor;
        this.progressPackets = state.packets;
        this.progress = progress(startNanos);
    }

    /** {@return how often a host is asked at most} */
    static int mostPasses(int retries) {
        return 1 + retries + MOST_DOUBT_PASSES;
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
            if (state.packets > 0) {
                toldAll = telling.known(findings, order, () -> stopping);
            }
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
        telling.flush();
        state.cursor = state.complete ? findings.size : settled();
        if (writer != null) {
            String failure = writer.writeLast(state);
            trouble = trouble == null ? failure : trouble;
        }
        progress = progress(System.nanoTime());
        telling.progress(progress);
        if (tellSilent && state.complete) {
            toldAll &= telling.silent(findings, order, () -> stopping);
        }
        if (state.complete && !toldAll && trouble == null) {
            trouble = "stopped before all hosts were told";
        }
        return report();
    }

    /** {@return whether it went to the end} */
    private boolean pass() throws IOException, InterruptedException {
        pace = new SweepPace(rate, System.nanoTime());
        for (int i = 0; i < state.doubtPasses; i++) {
            pace.slowDown();
        }
        heardNanos = System.nanoTime();
        marks.begin(sent, heardNanos);
        while (!stopping) {
            long now = System.nanoTime();
            fill(pace.available(now, SweepProbes.MOST));
            long wait = LONGEST_WAIT_NANOS;
            if (probes.size() > 0) {
                wait = send() ? untilNext() : SHORTEST_WAIT_NANOS;
            } else if (next < findings.size) {
                wait = untilNext();
            } else if (isOver()) {
                return true;
            }
            long before = System.nanoTime();
            way.receive(this, wait);
            heardNanos = before;
            telling.flush();
            look(System.nanoTime());
        }
        return false;
    }

    /** Below a millisecond it would wake for each probe: it rather sends what has become due meanwhile. */
    private long untilNext() {
        long wait = pace.waitNanos(System.nanoTime());
        return wait == 0 ? 0 : Math.min(LONGEST_WAIT_NANOS, Math.max(SHORTEST_WAIT_NANOS, wait));
    }

    /** {@return whether every answer of the pass that counts has been read} */
    private boolean isOver() {
        if (!way.tellsEveryOutcome()) {
            return marks.settledAt(heardNanos) == findings.size;
        }
        return due == 0;
    }

    private void fill(int room) {
        long end = Math.min(findings.size, next + MOST_LOOKS);
        while (next < end && probes.size() < room) {
            long position = next;
            if (isWanted(position)) {
                long index = order.index(position);
                long high = order.high(index);
                long low = order.low(index);
                if (forbidden.indexOf(high, low) >= 0) {
                    findings.refuse(position);
                } else {
                    probes.add(high, low, position);
                }
            }
            next++;
            if (probes.size() == 0) {
                sent = next;
                marks.skipped(next);
            }
        }
    }

    private boolean isWanted(long position) {
        return findings.isOpen(position)
                ? state.asksSilent || findings.doubtBefore.get(Findings.slice(position))
                : Findings.has(findings.refused, position);
    }

    /** {@return whether the way took any} */
    private boolean send() throws IOException {
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
        marks.sent(sent, System.nanoTime());
        return true;
    }

    /** {@return the first position whose result is not final yet, or one before it} */
    private long settled() {
        long settled = marks.settledAt(heardNanos);
        for (int slice = 0; due > 0 && slice < dueOf.length; slice++) {
            if (dueOf[slice] > 0) {
                return Math.min(settled, Math.max(Findings.sliceStart(slice), marks.start()));
            }
        }
        return settled;
    }

    private boolean beginNextPass() {
        boolean inDoubt = state.systemRefused || !findings.doubt.isEmpty();
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
        state.systemRefused = false;
        next = 0;
        sent = 0;
        return true;
    }

    private void look(long now) {
        if (now - progressNanos >= PROGRESS_NANOS) {
            progress = progress(now);
            progressNanos = now;
            progressPackets = state.packets;
            telling.progress(progress);
        }
        if (writer != null && now - writtenNanos >= checkpointNanos && writer.isIdle()) {
            writtenNanos = now;
            state.cursor = settled();
            writer.write(state);
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
                earlier,
                Optional.ofNullable(trouble == null ? refusal : trouble));
    }

    /** {@return the position of an address that was asked; -1 for any other} */
    private long positionOf(long high, long low) {
        long position = order.position(high, low);
        return position < sent || state.pass > 1 ? position : -1;
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
            telling.add(SweepBatch.Kind.REPLY, high, low, roundTripNanos);
        } else if (findings.repeated(position)) {
            telling.add(SweepBatch.Kind.DUPLICATE, high, low, roundTripNanos);
        }
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
            telling.addError(high, low, kind, responderHigh, responderLow, roundTripNanos);
        }
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
            state.systemRefused = true;
            refusal = refusal == null ? why : refusal;
        }
    }

    @Override
    public void onDrops(long sinceNanos) {
        if (sent > 0) {
            findings.doubt.set(Findings.slice(marks.settledAt(sinceNanos)), Findings.slice(sent - 1) + 1);
        }
    }
}
