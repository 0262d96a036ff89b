// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One host to ping.
 *
 * @param text what the user gave
 * @param label what a list says about it; empty if nothing
 * @param resolved what it resolved to; null if it did not
 * @param trouble why it did not, such as "does not resolve"; empty if it did
 * @param several whether other targets have the same text and other addresses
 */
record Target(String text, String label, @Nullable InetAddress resolved, String trouble, boolean several) {
    Target(String text, InetAddress address) {
        this(text, "", address, "", false);
    }

    boolean isResolved() {
        return resolved != null;
    }

    /** {@return the address of a target that resolved} */
    InetAddress address() {
        return Objects.requireNonNull(resolved, text);
    }

    /** {@return what tells the target from all others, on one line} */
    String shown() {
        return OneLine.of(text) + (several ? " (" + AddressText.of(address()) + ")" : "");
    }

    /** {@return those that resolved} */
    static List<Target> resolved(List<Target> targets) {
        return targets.stream().filter(Target::isResolved).toList();
    }

    /** {@return those that did not resolve} */
    static List<Target> unresolved(List<Target> targets) {
        return targets.stream().filter(target -> !target.isResolved()).toList();
    }
}
