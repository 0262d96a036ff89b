// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends, and says what was expected. */
final class Outcomes {
    private static final long SECONDS = 40;

    private Outcomes() {}

    /** {@return a request whose timeout is long enough that a busy machine does not matter} */
    static EchoRequest.Builder to(InetAddress destination) {
        return EchoRequest.newBuilder(destination).timeout(Duration.ofSeconds(5));
    }

    /** Sends all at once. {@return their outcomes, in the same order} */
    static List<EchoOutcome> all(EchoRequester requester, List<EchoRequest> requests) throws Exception {
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (EchoRequest request : requests) {
            futures.add(requester.sendAsync(request));
        }
        List<EchoOutcome> outcomes = new ArrayList<>();
        for (CompletableFuture<EchoOutcome> future : futures) {
            outcomes.add(future.get(SECONDS, TimeUnit.SECONDS));
        }
        return outcomes;
    }

    static EchoOutcome.Reply isReply(EchoOutcome outcome, EchoRequest request) {
        assertThat(outcome).as("%s", request).isInstanceOf(EchoOutcome.Reply.class);
        EchoOutcome.Reply reply = (EchoOutcome.Reply) outcome;
        assertThat(reply.responder()).isEqualTo(request.destination());
        assertThat(reply.payloadIntact()).as("%s", reply).isTrue();
        assertThat(reply.roundTripTime()).as("%s", reply).isBetween(Duration.ZERO, request.timeout());
        return reply;
    }

    static EchoOutcome.IcmpError isError(
            EchoOutcome outcome, EchoRequest request, IcmpErrorKind kind, int type, int code, InetAddress responder) {
        assertThat(outcome).as("%s", request).isInstanceOf(EchoOutcome.IcmpError.class);
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) outcome;
        assertThat(error.kind()).as("%s", error).isEqualTo(kind);
        assertThat(error.type()).as("%s", error).hasValue(type);
        assertThat(error.code()).as("%s", error).hasValue(code);
        assertThat(error.responder()).as("%s", error).isEqualTo(responder);
        assertThat(error.roundTripTime()).as("%s", error).isBetween(Duration.ZERO, request.timeout());
        return error;
    }

    static EchoOutcome.NotSent isNotSent(EchoOutcome outcome, EchoRequest request, NotSentReason reason, int osError) {
        assertThat(outcome).as("%s", request).isInstanceOf(EchoOutcome.NotSent.class);
        EchoOutcome.NotSent refused = (EchoOutcome.NotSent) outcome;
        assertThat(refused.reason()).as("%s", refused).isEqualTo(reason);
        assertThat(refused.osError()).as("%s", refused).hasValue(osError);
        assertThat(refused.detail()).contains(request.destination().getHostAddress());
        return refused;
    }

    /** Refused for its source, and the message says why. */
    static void isUnavailable(EchoOutcome outcome, InetAddress source, String... why) {
        isRefused(outcome, NotSentReason.SOURCE_UNAVAILABLE, "the source " + source.getHostAddress());
        assertThat(((EchoOutcome.NotSent) outcome).detail()).contains(List.of(why));
    }

    static void isRefused(EchoOutcome outcome, NotSentReason reason, String... why) {
        assertThat(outcome).isInstanceOf(EchoOutcome.NotSent.class);
        EchoOutcome.NotSent refused = (EchoOutcome.NotSent) outcome;
        assertThat(refused.reason()).as("%s", refused).isEqualTo(reason);
        assertThat(refused.detail()).contains(why);
    }
}
