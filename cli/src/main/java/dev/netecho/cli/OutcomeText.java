// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One outcome as a line of text, in the form of {@code ping}. */
final class OutcomeText {
    /** The ICMP header (RFC 792), which {@code ping} counts among the bytes received. */
    private static final int ICMP_HEADER = 8;

    /** SPEC TIM-3: no time is 0, and none may look like 0 with three decimals of a millisecond. */
    private static final long LEAST_SHOWN = 1_000;

    /** How the Linux backends write a refused call: "sendmmsg to 192.0.2.1: EPERM (1): Operation not permitted; why" */
    private static final Pattern REFUSED_CALL = Pattern.compile("\\S+ to \\S+: [A-Z0-9]+ \\(\\d+\\): (.*)");

    private static final int SHORT = 17;

    /** Bounds the memory that names of addresses take. */
    private static final int MOST_NAMES = 10_000;

    private final boolean details;
    private final boolean numeric;
    private final @Nullable Map<InetAddress, String> names;

    /**
     * Constructs the text.
     *
     * @param details whether to print what the system said about a request that was not sent
     * @param numeric whether to print addresses and not the names that the user gave
     * @param names whether to ask for the name of each address
     */
    OutcomeText(boolean details, boolean numeric, boolean names) {
        this.details = details;
        this.numeric = numeric;
        this.names = names ? new HashMap<>() : null;
    }

    /** {@return the line of an outcome} */
    String of(Target target, long sequence, EchoOutcome outcome) {
        String number = "icmp_seq=" + sequence;
        if (outcome instanceof Reply reply) {
            return reply(target, number, reply);
        }
        if (outcome instanceof IcmpError error) {
            // Not "time=": programs that call ping take what follows that for a reply.
            return "From " + named(error.responder()) + " " + number + " " + IcmpErrorText.of(error) + " after "
                    + time(error.roundTripTime(), error.roundTripUncertainty());
        }
        if (outcome instanceof TimedOut timedOut) {
            return "No answer from " + host(target, target.address()) + ": " + number + " timed out after "
                    + Decimals.scaled(timedOut.waited().toNanos(), 1_000_000, 0) + " ms"
                    + (timedOut.localDropsSuspected()
                            ? " (this host dropped packets meanwhile: the request or its answer may be among them)"
                            : "");
        }
        if (outcome instanceof NotSent notSent) {
            return target.shown() + ": " + number + " not sent: "
                    + (details
                            ? OneLine.of(AddressText.shortened(notSent.detail())) + " (" + reason(target, notSent) + ")"
                            : plain(notSent));
        }
        return number + " " + outcome;
    }

    /** {@return why a request was not sent, as JSON spells it} The library knows no names that do not resolve. */
    static String reason(Target target, NotSent notSent) {
        return target.isResolved() ? JsonReport.lowerCase(notSent.reason()) : "unresolved";
    }

    /** {@return why a request was not sent, without the names of calls and of error numbers} */
    static String plain(NotSent notSent) {
        String detail = OneLine.of(AddressText.shortened(notSent.detail()));
        Matcher refused = REFUSED_CALL.matcher(detail);
        return refused.matches() ? words(notSent.reason()) + " (" + refused.group(1) + ")" : detail;
    }

    /** {@return why nothing more is known of a path, by the outcome that says so} */
    static String why(@Nullable EchoOutcome outcome) {
        if (outcome instanceof IcmpError error) {
            return "from " + AddressText.of(error.responder()) + ": " + IcmpErrorText.of(error);
        }
        return outcome instanceof NotSent refused ? plain(refused) : "unknown";
    }

    /** {@return what the user gave, and the address unless that is the same} */
    static String name(Target target) {
        String address = AddressText.of(target.address());
        return target.text().equals(address) ? address : OneLine.of(target.text()) + " (" + address + ")";
    }

    /** {@return why there was no reply, in at most 17 characters} */
    static String inShort(Target target, EchoOutcome failure) {
        String text = "timed out";
        if (failure instanceof NotSent notSent) {
            text = target.isResolved() ? words(notSent.reason()) : reason(target, notSent);
        } else if (failure instanceof IcmpError error) {
            text = JsonReport.lowerCase(error.kind())
                    .replace('_', ' ')
                    .replace("network ", "net ")
                    .replace("protocol ", "proto ")
                    .replace("address ", "addr ")
                    .replace("administratively ", "");
        }
        return text.length() <= SHORT ? text : text.substring(0, SHORT);
    }

    static String words(NotSentReason reason) {
        return switch (reason) {
            case NO_ROUTE -> "no route";
            case SOURCE_UNAVAILABLE -> "the source cannot be used";
            case TOO_LARGE -> "too large";
            case NOT_PERMITTED -> "not permitted";
            case INVALID_DESTINATION -> "not the address of one host";
            case OVERLOADED -> "this host is short of resources";
            default -> JsonReport.lowerCase(reason).replace('_', ' ');
        };
    }

    private String reply(Target target, String number, Reply reply) {
        return (reply.payload().size() + ICMP_HEADER) + " bytes from " + host(target, reply.responder()) + ": "
                + number
                + (reply.hopLimit().isPresent() ? " ttl=" + reply.hopLimit().getAsInt() : "")
                + " time="
                + time(reply.roundTripTime(), reply.roundTripUncertainty())
                + (reply.payloadIntact() ? "" : " ALTERED PAYLOAD: what came back is not what was sent");
    }

    /** {@return a round-trip time, and its uncertainty if that is more than a tenth and more than the digits show} */
    private static String time(Duration roundTrip, Duration uncertainty) {
        long nanos = roundTrip.toNanos();
        long uncertain = uncertainty.toNanos();
        String time = Decimals.shortMillis(Math.max(nanos, LEAST_SHOWN)) + " ms";
        return uncertain <= nanos / 10 || uncertain < LEAST_SHOWN
                ? time
                : time + " (+/- " + Decimals.shortMillis(uncertain) + " ms)";
    }

    private String host(Target target, InetAddress responder) {
        return names == null && !numeric && !TargetResolver.isAddress(target.text())
                ? OneLine.of(target.text()) + " (" + AddressText.of(responder) + ")"
                : named(responder);
    }

    /** Asks the resolver once for each address; the requests that leave meanwhile do not wait for it. */
    private String named(InetAddress responder) {
        String address = AddressText.of(responder);
        if (names == null) {
            return address;
        }
        if (names.size() >= MOST_NAMES) {
            names.clear();
        }
        String name = names.computeIfAbsent(responder, InetAddress::getCanonicalHostName);
        return name.equals(responder.getHostAddress()) ? address : OneLine.of(name) + " (" + address + ")";
    }
}
