// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A column of the table. */
enum Backend {
    /** What is the same for every backend, because no backend takes part in it. */
    CORE(""),
    SIMULATED(""),
    LINUX_DATAGRAM("linux"),
    LINUX_RAW("linux"),
    WINDOWS_IPHLPAPI("windows");

    /** How {@code os.name} begins where this backend runs, in lower case. */
    private final String system;

    Backend(String system) {
        this.system = system;
    }

    /** {@return the name that tests and SPEC.md use} */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * {@return whether the backend has to show its cases on this system}
     *
     * @param osName the value of the system property {@code os.name}
     */
    boolean existsOn(String osName) {
        return osName.toLowerCase(Locale.ROOT).startsWith(system);
    }

    /** {@return the names of all} */
    static List<String> ids() {
        return Arrays.stream(values()).map(Backend::id).toList();
    }

    static Optional<Backend> of(String id) {
        return Arrays.stream(values())
                .filter(backend -> backend.id().equals(id))
                .findFirst();
    }
}
