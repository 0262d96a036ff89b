// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.backend.AnswerFacts;
import dev.netecho.backend.AnswerRules;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.Verdict;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.Stray;
import dev.netecho.windows.win32.IpStatus;
import dev.netecho.windows.win32.IpStatusMessages;
import dev.netecho.windows.win32.SystemMessages;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Says what a completion means. The system matches identifier and sequence number, but it believes a reply from any
 * address and with any data: {@link AnswerRules} decides about those.
 */
final class Judge {
    private static final String TOO_LONG =
            "; the request was sent, and an answer came that is longer than the memory set aside for it";

    private final EchoCounters counters;
    private final SystemMessages messages;
    private final IpStatusMessages ipStatusMessages;
    private final HostAddresses host;

    Judge(EchoCounters counters, SystemMessages messages, IpStatusMessages ipStatusMessages, HostAddresses host) {
        this.counters = counters;
        this.messages = messages;
        this.ipStatusMessages = ipStatusMessages;
        this.host = host;
    }

    /**
     * {@return the outcome of a request whose completion has run; null if it has no verdict and the deadline decides}
     */
    @Nullable
    EchoOutcome outcome(PendingCall echo, NativeReply reply) {
        EchoRequest request = echo.request();
        IpVersion version = request.version();
        if (reply.status() == IpStatus.IP_REQ_TIMED_OUT) {
            return null;
        }
        boolean success = reply.status() == IpStatus.IP_SUCCESS;
        IcmpErrorKind kind = StatusTable.icmpError(version, reply.status());
        if (!success && (kind == null || !reply.hasResponder())) {
            EchoOutcome.NotSent failed =
                    notSent(StatusTable.refusalByStatus(version, reply.status()), reply.status(), request);
            // The buffer fits an answer of the request's length (icmpapi.h), so a longer one came (SPEC OUT-4).
            return reply.status() == IpStatus.IP_BUF_TOO_SMALL
                    ? new EchoOutcome.NotSent(failed.reason(), failed.detail() + TOO_LONG, failed.osError())
                    : failed;
        }
        long roundTrip = RoundTripClock.nanos(echo.completedNanos - echo.calledNanos, reply.millis());
        long sinceSent = echo.completedNanos - echo.sentNanos;
        boolean late = RoundTripClock.isLate(sinceSent, roundTrip, request.timeoutNanos());
        // The system has matched identifier and sequence number, and an error's quote. It remembers no earlier request.
        SlotState state = echo.pending.isDone() ? SlotState.ENDED : SlotState.SENT;
        AnswerFacts facts = new AnswerFacts().of(state).late(late);
        Verdict verdict = kind == null
                ? AnswerRules.reply(addData(facts, echo, reply))
                : AnswerRules.error(facts.matchesDestination(true));
        if (verdict.stray() != null) {
            counters.count(verdict.stray());
        }
        if (!verdict.endsRequest()) {
            return late && state == SlotState.SENT ? timedOut(sinceSent) : null;
        }
        if (kind != null) {
            return new EchoOutcome.IcmpError(
                    address(reply),
                    kind,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Duration.ofNanos(roundTrip),
                    RoundTripClock.UNCERTAINTY);
        }
        boolean intact = verdict == Verdict.REPLY;
        ByteBuffer buffer = echo.memory.buffer();
        return new EchoOutcome.Reply(
                request.destination(),
                Duration.ofNanos(roundTrip),
                RoundTripClock.UNCERTAINTY,
                TimestampSource.SYSTEM_MILLISECONDS,
                reply.hopLimit(),
                intact
                        ? request.payload()
                        : EchoPayload.copyOf(buffer, reply.data(), Math.min(reply.dataSize(), EchoPayload.MAX_SIZE)),
                intact);
    }

    private static AnswerFacts addData(AnswerFacts facts, PendingCall echo, NativeReply reply) {
        EchoRequest request = echo.request();
        EchoPayload payload = request.payload();
        ByteBuffer buffer = echo.memory.buffer();
        if (reply.dataSize() >= EchoPayload.TOKEN_SIZE) {
            facts.token(DefaultPayload.token(buffer, reply.data()));
        }
        return facts.expectedToken(payload.carriesToken() ? echo.token : 0)
                .matchesDestination(
                        Arrays.equals(reply.responder(), request.destination().getAddress()))
                .intact(payload.matches(buffer, reply.data(), reply.dataSize()));
    }

    /** Is told that an outcome came just after its caller had left: then the answer was late. */
    void lost(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.Reply || outcome instanceof EchoOutcome.IcmpError) {
            counters.count(Stray.LATE);
        }
    }

    private static InetAddress address(NativeReply reply) {
        try {
            return reply.responder().length == 4
                    ? InetAddress.getByAddress(reply.responder())
                    : Inet6Address.getByAddress(null, reply.responder(), reply.scopeId() == 0 ? -1 : reply.scopeId());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes are an address
        }
    }

    /** {@return the outcome of a request whose deadline has come} */
    static EchoOutcome overdue(PendingCall echo, long nowNanos) {
        return echo.unconfirmed
                ? EchoOutcome.NotSent.because(
                        NotSentReason.OS_ERROR,
                        "Windows neither took nor refused the request: the call returned 0 without an error, and no"
                                + " answer came")
                : timedOut(Math.max(nowNanos - echo.sentNanos, 0));
    }

    static EchoOutcome timedOut(long waitedNanos) {
        // The driver writes into memory set aside for this request: there is no receive buffer that could overflow.
        return new EchoOutcome.TimedOut(Duration.ofNanos(waitedNanos), false);
    }

    /** {@return the outcome of a call that failed at once} */
    EchoOutcome refused(EchoRequest request, int error) {
        return notSent(
                StatusTable.refusalByError(
                        request.version(), error, request.source().isPresent()),
                error,
                request);
    }

    /**
     * The causes of a general failure and of "no route" may be in this host's addresses, which the number does not tell
     * (SPEC OUT-4).
     */
    private EchoOutcome.NotSent notSent(NotSentReason reason, int number, EchoRequest request) {
        InetAddress destination = request.destination();
        NotSentReason known = reason;
        String because = "";
        boolean general = reason == NotSentReason.OS_ERROR && StatusTable.isGeneralFailure(number);
        if ((general || reason == NotSentReason.NOT_PERMITTED) && host.isBroadcast(destination)) {
            known = NotSentReason.INVALID_DESTINATION;
            because = "; the destination is the broadcast address of a subnet; give the address of one host";
        } else if (general || reason == NotSentReason.NO_ROUTE) {
            if (request.source().isPresent()) {
                if (host.cannotSend(request.source().get(), destination)) {
                    known = NotSentReason.SOURCE_UNAVAILABLE;
                    because = "; this host cannot send from the source "
                            + request.source().get().getHostAddress();
                }
            } else if (host.lacksFamilyOf(destination)) {
                known = NotSentReason.NO_ROUTE;
                because = "; this host has no usable " + request.version().text() + " address";
            }
        }
        return new EchoOutcome.NotSent(known, describe(number, request.version()) + because, OptionalInt.of(number));
    }

    private String describe(int number, IpVersion version) {
        if (number < 0) {
            return String.format(Locale.ROOT, "Windows' ICMP driver failed with NTSTATUS 0x%08X", number);
        }
        if (number >= IpStatus.IP_STATUS_BASE) {
            String name = IpStatus.name(number, version == IpVersion.V6);
            return "Windows ended the request with IP_STATUS " + number + (name.isEmpty() ? "" : " (" + name + ")")
                    + afterColon(ipStatusMessages.text(number));
        }
        return "Windows refused the request with error " + number + afterColon(messages.text(number));
    }

    private static String afterColon(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }
}
