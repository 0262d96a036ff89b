// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The targets with their last outcome, as JSON. */
final class TargetsJson {
    private TargetsJson() {}

    static String of(List<TargetState> targets) {
        StringBuilder json = new StringBuilder("{\"targets\":[");
        for (int i = 0; i < targets.size(); i++) {
            json.append(i == 0 ? "\n" : ",\n");
            append(json, targets.get(i));
        }
        return json.append("\n]}\n").toString();
    }

    private static void append(StringBuilder json, TargetState target) {
        TargetState.Moment moment = target.moment();
        InetAddress address = target.address();
        json.append("{\"target\":");
        quote(json, target.spec().host());
        json.append(",\"labels\":{");
        String comma = "";
        for (Map.Entry<String, String> label : target.spec().labels().entrySet()) {
            json.append(comma);
            quote(json, label.getKey());
            json.append(':');
            quote(json, label.getValue());
            comma = ",";
        }
        json.append("},\"address\":");
        if (address == null) {
            json.append("null");
        } else {
            quote(json, Addresses.text(address));
        }
        json.append(",\"state\":");
        quote(json, Words.of(moment.condition));
        json.append(",\"last\":");
        if (moment.lastMillis == 0) {
            json.append("null}");
            return;
        }
        OutcomeKind kind = moment.last == null ? OutcomeKind.UNRESOLVED : OutcomeKind.of(moment.last);
        json.append("{\"outcome\":");
        quote(json, kind.outcome());
        json.append(",\"reason\":");
        quote(json, kind.reason());
        json.append(",\"detail\":");
        quote(json, moment.last == null ? target.trouble() : moment.detail());
        json.append(",\"time\":");
        quote(json, Instant.ofEpochMilli(moment.lastMillis).toString());
        json.append("}}");
    }

    /** Escapes what JSON must, and what would end a script of HTML. */
    static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (!isPlain(c)) {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static boolean isPlain(char c) {
        boolean control = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
        boolean markup = c == '<' || c == '>' || c == '&';
        return !control && !markup && !Character.isSurrogate(c);
    }
}
