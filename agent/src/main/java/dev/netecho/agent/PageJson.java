// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoOutcome.Reply;
import dev.netecho.path.PathHop;
import dev.netecho.path.PathReport;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/** What the page shows, as JSON. */
final class PageJson {
    private PageJson() {}

    /** {@return all targets with their sparklines} */
    static String all(List<TargetState> targets) {
        StringBuilder json = new StringBuilder("{\"minute\":").append(History.minute(System.nanoTime()));
        json.append(",\"targets\":[");
        for (int i = 0; i < targets.size(); i++) {
            json.append(i == 0 ? "" : ",\n");
            TargetState target = targets.get(i);
            head(json, target);
            json.append(",\"spark\":");
            target.appendHistory(json, false);
            json.append('}');
        }
        return json.append("]}").toString();
    }

    /** {@return one target with the whole of its last hour} */
    static String one(TargetState target) {
        StringBuilder json = new StringBuilder();
        head(json, target);
        json.append(",\"minutes\":");
        target.appendHistory(json, true);
        return json.append('}').toString();
    }

    /** {@return those that have changed since a moment, and the number of targets} */
    static String changes(List<TargetState> targets, long sinceNanos) {
        StringBuilder json = new StringBuilder("{\"minute\":").append(History.minute(System.nanoTime()));
        json.append(",\"count\":").append(targets.size()).append(",\"rows\":[");
        String comma = "";
        for (TargetState target : targets) {
            if (target.changedSince(sinceNanos)) {
                json.append(comma).append("{\"id\":").append(target.id());
                state(json, target, target.moment());
                json.append('}');
                comma = ",";
            }
        }
        return json.append("]}").toString();
    }

    private static void head(StringBuilder json, TargetState target) {
        json.append("{\"id\":").append(target.id()).append(",\"target\":");
        TargetsJson.quote(json, target.spec().host());
        json.append(",\"labels\":");
        StringBuilder labels = new StringBuilder();
        for (Map.Entry<String, String> label : target.spec().labels().entrySet()) {
            labels.append(labels.length() == 0 ? "" : " ")
                    .append(label.getKey())
                    .append('=')
                    .append(label.getValue());
        }
        TargetsJson.quote(json, labels.toString());
        json.append(",\"address\":");
        InetAddress address = target.address();
        TargetsJson.quote(json, address == null ? "" : Addresses.text(address));
        state(json, target, target.moment());
    }

    private static void state(StringBuilder json, TargetState target, TargetState.Moment moment) {
        json.append(",\"state\":\"").append(Words.of(moment.condition)).append("\",\"reason\":");
        boolean unresolved = moment.last == null && moment.lastMillis != 0;
        TargetsJson.quote(json, unresolved ? "unresolved" : moment.reason());
        json.append(",\"detail\":");
        TargetsJson.quote(json, unresolved ? target.trouble() : moment.detail());
        json.append(",\"loss\":").append(moment.loss).append(",\"rtt\":");
        json.append(moment.last instanceof Reply reply ? reply.roundTripTime().toNanos() / 1_000 : -1);
        json.append(",\"now\":").append(moment.spark);
    }

    static String trace(PathReport report) {
        StringBuilder json =
                new StringBuilder("{\"end\":\"").append(Words.of(report.end())).append("\",\"hops\":[");
        String comma = "";
        for (PathHop hop : report.hops()) {
            json.append(comma).append("{\"hop\":").append(hop.distance()).append(",\"responders\":[");
            for (int i = 0; i < hop.responders().size(); i++) {
                json.append(i == 0 ? "" : ",");
                TargetsJson.quote(json, Addresses.text(hop.responders().get(i)));
            }
            json.append("],\"sent\":")
                    .append(hop.sent())
                    .append(",\"answered\":")
                    .append(hop.answered());
            json.append(",\"rtt\":");
            json.append(hop.roundTrips()
                    .map(times -> times.average().toNanos() / 1_000)
                    .orElse(-1L));
            json.append('}');
            comma = ",";
        }
        return json.append("]}").toString();
    }
}
