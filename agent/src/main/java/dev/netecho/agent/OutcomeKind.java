// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A way in which a round of a target ends. There are few, so that their labels are bounded.
 *
 * @param index its place in {@link #ALL}
 * @param outcome reply, icmp_error, timed_out or not_sent
 * @param reason why; empty for a reply
 * @param verdict what it tells of the host
 */
record OutcomeKind(int index, String outcome, String reason, Verdict verdict) {
    /** What an outcome tells of the host that was asked. */
    enum Verdict {
        /** It answers. */
        UP,
        /** The request left this host, and no reply came. */
        MISSED,
        /** Nothing: the request did not leave this host, or this host may have lost the answer. */
        NOTHING
    }

    /** Every kind, by its index. */
    static final List<OutcomeKind> ALL;

    static final OutcomeKind REPLY;
    static final OutcomeKind SILENT;
    static final OutcomeKind LOCAL_DROPS;

    /** The name has no address; there was nothing to send to. */
    static final OutcomeKind UNRESOLVED;

    private static final Map<IcmpErrorKind, OutcomeKind> ERRORS = new EnumMap<>(IcmpErrorKind.class);
    private static final Map<NotSentReason, OutcomeKind> REFUSALS = new EnumMap<>(NotSentReason.class);

    static {
        List<OutcomeKind> all = new ArrayList<>();
        REPLY = add(all, "reply", "", Verdict.UP);
        SILENT = add(all, "timed_out", "silent", Verdict.MISSED);
        LOCAL_DROPS = add(all, "timed_out", "local_drops_suspected", Verdict.NOTHING);
        UNRESOLVED = add(all, "not_sent", "unresolved", Verdict.NOTHING);
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            ERRORS.put(kind, add(all, "icmp_error", Words.of(kind), Verdict.MISSED));
        }
        for (NotSentReason reason : NotSentReason.values()) {
            REFUSALS.put(reason, add(all, "not_sent", Words.of(reason), Verdict.NOTHING));
        }
        ALL = List.copyOf(all);
    }

    private static OutcomeKind add(List<OutcomeKind> all, String outcome, String reason, Verdict verdict) {
        OutcomeKind kind = new OutcomeKind(all.size(), outcome, reason, verdict);
        all.add(kind);
        return kind;
    }

    static OutcomeKind of(EchoOutcome outcome) {
        if (outcome instanceof Reply) {
            return REPLY;
        }
        if (outcome instanceof TimedOut timedOut) {
            return timedOut.localDropsSuspected() ? LOCAL_DROPS : SILENT;
        }
        if (outcome instanceof IcmpError error) {
            return ERRORS.getOrDefault(error.kind(), SILENT);
        }
        return outcome instanceof NotSent refused ? REFUSALS.getOrDefault(refused.reason(), UNRESOLVED) : UNRESOLVED;
    }
}
