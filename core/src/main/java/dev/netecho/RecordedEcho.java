// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/** A request that Java Flight Recorder is told of. A class of its own, so that the others need no field for it. */
@SuppressForbidden("jdk.jfr is not in every Java runtime: FlightEvents knows whether it is")
final class RecordedEcho extends EngineRequester.Echo {
    private final EchoRequestEvent event = new EchoRequestEvent();

    RecordedEcho(EngineRequester requester, EchoRequest request, EchoListener listener) {
        requester.super(request, listener);
        event.begin();
    }

    @Override
    void record(String requester, EchoOutcome outcome) {
        try {
            event.record(requester, request(), outcome);
        } catch (RuntimeException | Error e) {
            return; // usually no memory: rather the event is lost than the outcome
        }
    }
}
