// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.testkit.lab.LabPlan;
import java.net.InetAddress;

/** The two families of addresses, for tests that run for both. */
public enum Family {
    /** IPv4: RFC 791 and RFC 792. */
    IPV4("IPv4"),
    /** IPv6: RFC 8200 and RFC 4443. */
    IPV6("IPv6");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    /** {@return whether this is IPv4} */
    public boolean isIpv4() {
        return this == IPV4;
    }

    /**
     * {@return one of two values}
     *
     * @param ipv4 the one for IPv4
     * @param ipv6 the one for IPv6
     * @param <T> their type
     */
    public <T> T pick(T ipv4, T ipv6) {
        return isIpv4() ? ipv4 : ipv6;
    }

    /**
     * {@return the lab's address in this family}
     *
     * @param row the row of the plan
     * @param d which of the row
     */
    public InetAddress address(LabPlan row, int d) {
        return isIpv4() ? row.ipv4(d) : row.ipv6(d);
    }

    @Override
    public String toString() {
        return text;
    }
}
