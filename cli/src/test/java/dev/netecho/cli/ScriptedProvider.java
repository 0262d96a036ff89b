// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IcmpExtension;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A backend without a network: a function says what becomes of each request. */
public class ScriptedProvider implements EchoRequesterProvider {
    /** An outcome that never comes. */
    static final EchoOutcome SILENCE = NotSent.because(NotSentReason.OS_ERROR, "silence");

    /** An outcome that never comes, because the request is never sent. */
    static final EchoOutcome QUEUED = NotSent.because(NotSentReason.OS_ERROR, "queued");

    private final BiFunction<EchoRequest, Integer, EchoOutcome> script;
    private final Map<InetAddress, Integer> asked = new ConcurrentHashMap<>();
    private Availability availability = Availability.available();
    private Map<Stray, Long> strays = Map.of();
    private int priority = -1;
    private String name = "scripted";
    private Consumer<EchoRequest> unanswered = request -> {};

    /** Constructs a provider whose hosts all reply. */
    public ScriptedProvider() {
        this((request, number) -> reply(request, 42_000));
    }

    ScriptedProvider(BiFunction<EchoRequest, Integer, EchoOutcome> script) {
        this.script = script;
    }

    /** What the network does with the nth request to a host, then the next, and so on; the last is repeated. */
    static ScriptedProvider answering(List<BiFunction<EchoRequest, Integer, EchoOutcome>> steps) {
        return new ScriptedProvider((request, number) ->
                steps.get(Math.min(number, steps.size()) - 1).apply(request, number));
    }

    ScriptedProvider availability(Availability value) {
        availability = value;
        return this;
    }

    ScriptedProvider strays(Map<Stray, Long> value) {
        strays = value;
        return this;
    }

    /** Says who is told of each request that is sent or queued and gets no outcome. */
    ScriptedProvider unanswered(Consumer<EchoRequest> value) {
        unanswered = value;
        return this;
    }

    ScriptedProvider named(String value) {
        name = value;
        return this;
    }

    ScriptedProvider priority(int value) {
        priority = value;
        return this;
    }

    private static final long UNCERTAIN = 500;

    static EchoOutcome reply(EchoRequest request, long nanos) {
        return reply(request, nanos, UNCERTAIN);
    }

    static EchoOutcome reply(EchoRequest request, long nanos, long uncertainty) {
        return new Reply(
                request.destination(),
                Duration.ofNanos(nanos),
                Duration.ofNanos(uncertainty),
                TimestampSource.KERNEL,
                OptionalInt.of(64),
                request.payload(),
                true);
    }

    static EchoOutcome altered(EchoRequest request, long nanos) {
        return new Reply(
                request.destination(),
                Duration.ofNanos(nanos),
                Duration.ofNanos(UNCERTAIN),
                TimestampSource.PROCESS,
                OptionalInt.empty(),
                request.payload(),
                false);
    }

    static EchoOutcome error(InetAddress responder, IcmpErrorKind kind, int type, int code, OptionalInt mtu) {
        return new IcmpError(
                responder,
                kind,
                OptionalInt.of(type),
                OptionalInt.of(code),
                mtu,
                Duration.ofNanos(81_000),
                Duration.ofNanos(UNCERTAIN));
    }

    /** {@return "time exceeded" with what the router added to it} */
    static EchoOutcome exceeded(InetAddress responder, List<IcmpExtension> extensions) {
        return new IcmpError(
                responder,
                IcmpErrorKind.HOP_LIMIT_EXCEEDED,
                OptionalInt.of(11),
                OptionalInt.of(0),
                OptionalInt.empty(),
                Duration.ofNanos(81_000),
                Duration.ofNanos(UNCERTAIN),
                extensions);
    }

    static EchoOutcome timedOut(boolean drops) {
        return new TimedOut(Duration.ofNanos(1_000_300_000), drops);
    }

    static EchoOutcome noRoute() {
        return new NotSent(
                NotSentReason.NO_ROUTE,
                "sendmmsg to 2001:db8:0:0:0:0:0:1: ENETUNREACH (101): Network is unreachable",
                OptionalInt.of(101));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public Availability availability() {
        return availability;
    }

    @Override
    public EchoEngine open(EchoConfig config) {
        config.counters().observe(strays.keySet().toArray(Stray[]::new));
        strays.forEach(config.counters()::count);
        return new ScriptedEngine(this::outcome, unanswered);
    }

    private EchoOutcome outcome(EchoRequest request) {
        return script.apply(request, asked.merge(request.destination(), 1, Integer::sum));
    }

    static Set<EchoCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(EchoCapability.NEXT_HOP_MTU));
    }
}
