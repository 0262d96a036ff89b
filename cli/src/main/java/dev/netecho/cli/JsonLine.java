// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Instant;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object (RFC 8259) on one line, its members in the order of the calls. */
final class JsonLine {
    /** Counts the changes of the format that break a reader: docs/netecho.schema.json. */
    private static final int VERSION = 1;

    private final StringBuilder text = new StringBuilder(256).append('{');

    /** Starts an object whose first member is {@code type}. */
    static JsonLine ofType(String type) {
        return new JsonLine().put("type", type);
    }

    JsonLine put(String name, @Nullable String value) {
        name(name);
        string(value);
        return this;
    }

    JsonLine put(String name, long value) {
        name(name).append(value);
        return this;
    }

    JsonLine put(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    JsonLine put(String name, OptionalInt value) {
        return value.isPresent() ? put(name, value.getAsInt()) : putNull(name);
    }

    JsonLine put(String name, OptionalLong value) {
        return value.isPresent() ? put(name, value.getAsLong()) : putNull(name);
    }

    JsonLine putNull(String name) {
        name(name).append("null");
        return this;
    }

    /** Writes nanoseconds as microseconds with one decimal. */
    JsonLine putMicros(String name, long nanos) {
        name(name).append(Decimals.scaled(nanos, 1_000, 1));
        return this;
    }

    /** Writes a moment as microseconds since 1970, UTC. */
    JsonLine put(String name, @Nullable Instant moment) {
        if (moment == null) {
            return putNull(name);
        }
        return put(name, moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1_000);
    }

    /** Writes a part of a whole in percent; null if there is no whole. */
    JsonLine putPercent(String name, long part, long whole) {
        if (whole == 0) {
            return putNull(name);
        }
        name(name).append(Decimals.percent(part, whole));
        return this;
    }

    JsonLine put(String name, Collection<String> values) {
        name(name).append('[');
        String separator = "";
        for (String value : values) {
            text.append(separator);
            string(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    JsonLine putObjects(String name, Collection<JsonLine> values) {
        name(name).append('[');
        String separator = "";
        for (JsonLine value : values) {
            text.append(separator).append(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    /** {@return the object so far} */
    @Override
    public String toString() {
        return text + "}";
    }

    /** {@return the object, its last member the version of the format, and the end of its line} */
    String line() {
        return put("version", VERSION).text.append("}\n").toString();
    }

    private StringBuilder name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        return text.append('"').append(name).append("\":"); // the names need no escape
    }

    private void string(@Nullable String value) {
        if (value == null) {
            text.append("null");
            return;
        }
        text.append('"');
        if (isPlain(value)) {
            text.append(value);
        } else {
            for (int i = 0; i < value.length(); i++) {
                character(value.charAt(i));
            }
        }
        text.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void character(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                // Lone surrogates cannot be written as UTF-8, and some readers end a line at U+2028 and U+2029.
                if (c < ' ' || c == 0x7f || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                    text.append("\\u")
                            .append(Character.forDigit(c >> 12, 16))
                            .append(Character.forDigit(c >> 8 & 15, 16))
                            .append(Character.forDigit(c >> 4 & 15, 16))
                            .append(Character.forDigit(c & 15, 16));
                } else {
                    text.append(c);
                }
            }
        }
    }
}
