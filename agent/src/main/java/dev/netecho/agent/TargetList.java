// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of targets that others write, such as a file of service discovery. If it cannot be read, or has a mistake, the
 * last good one stays. Belongs to the thread of {@link Discovery}, apart from what it counts.
 */
abstract class TargetList {
    private final String name;
    private final Object origin;
    private volatile List<TargetSpec> targets = List.of();
    private volatile boolean good;
    private String trouble = "";

    /**
     * Constructs an empty list.
     *
     * @param name how messages and series name it
     * @param origin what it is read from, and how; two lists of one origin are the same
     */
    TargetList(String name, Object origin) {
        this.name = name;
        this.origin = origin;
    }

    /** {@return the list as it is now; null if there is no news of it} */
    abstract @Nullable List<TargetSpec> read() throws ConfigException;

    /** Reads the list, if it has changed. @return whether there are other targets now */
    final boolean refresh() {
        try {
            List<TargetSpec> now = read();
            if (now == null) {
                return false;
            }
            good = true;
            trouble = "";
            boolean changed = !now.equals(targets);
            targets = now;
            return changed;
        } catch (ConfigException e) {
            good = false;
            String now = String.valueOf(e.getMessage());
            if (!now.equals(trouble)) {
                trouble = now;
                Warnings.say(trouble + "; the last good list stays in force, which has " + targets.size() + " targets");
            }
            return false;
        }
    }

    /** Gives up what is under way: the list is needed no more. */
    void end() {}

    boolean isOf(Object other) {
        return origin.equals(other);
    }

    /** {@return its name as messages have it} */
    final String quoted() {
        return '"' + name + '"';
    }

    String name() {
        return name;
    }

    List<TargetSpec> targets() {
        return targets;
    }

    /** {@return whether the last reading succeeded} */
    boolean isGood() {
        return good;
    }
}
