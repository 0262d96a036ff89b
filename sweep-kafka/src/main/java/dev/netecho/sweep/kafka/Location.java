// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import java.util.Objects;
import java.util.regex.Pattern;

/** The names in Kafka of what belongs to one location. */
record Location(String name) {
    /** What Kafka takes for the name of a topic, without the dot that separates. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    Location {
        Objects.requireNonNull(name, "location");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the location is \"" + name
                    + "\"; it must be 1 to 100 of the letters and digits of ASCII, _ and -");
        }
    }

    String shards() {
        return "netecho.sweep." + name + ".shards";
    }

    String results() {
        return "netecho.sweep." + name + ".results";
    }

    /** {@return the share group of the workers} */
    String group() {
        return "netecho.sweep." + name;
    }
}
