// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.packet.IpVersion;
import java.net.Inet4Address;
import java.net.Inet6Address;

/**
 * What the addresses of the lab do: the one table.
 *
 * <p>In the descriptions {@code d} is the last number of the address: 198.18.2.25 and 2001:2::18:2:25 answer after 100 ms.
 */
public enum LabPlan {
    // spotless:off
    HERE            ("198.18.0.0/24", "this side: .1, .2 and .3 are the interface's own addresses, the others never answer", (echo, out) -> { }),
    AT_ONCE         ("198.18.1.0/24", "answers at once",                       (echo, out) -> out.now(Replies.reply(echo))),
    DELAYED         ("198.18.2.0/24", "answers after 4 d ms",                  (echo, out) -> out.after(4L * echo.d(), Replies.reply(echo))),
    SILENT          ("198.18.3.0/24", "never answers",                         (echo, out) -> { }),
    LATE            ("198.18.4.0/24", "answers after 100 d ms",                (echo, out) -> out.after(100L * echo.d(), Replies.reply(echo))),
    MANY_AT_50_MS   ("198.18.128.0/18", "16,384 hosts that answer after 50 ms", (echo, out) -> out.after(50, Replies.reply(echo))),
    MANY_SILENT     ("198.18.192.0/18", "16,384 hosts that never answer",       (echo, out) -> { }),
    MANY_AT_20_MS   ("198.19.0.0/16", "65,536 hosts that answer after 20 ms",   (echo, out) -> out.after(20, Replies.reply(echo)));
    // spotless:on

    private static final LabPlan[] ROWS = rows();

    private final String prefix;
    private final int first;
    private final int size;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda that captures nothing
    private final Behaviour behaviour;

    LabPlan(String prefix, String description, Behaviour behaviour) {
        String[] parts = prefix.split("[./]", -1);
        this.prefix = prefix;
        this.first = ((Integer.parseInt(parts[1]) - 18) << 16) | (Integer.parseInt(parts[2]) << 8);
        this.size = 1 << (Integer.SIZE - Integer.parseInt(parts[4]));
        this.description = description;
        this.behaviour = behaviour;
    }

    /**
     * {@return an IPv4 address of this row}
     *
     * @param d which, from 0 on; the row's {@link #size} is the end
     */
    public Inet4Address ipv4(int d) {
        return (Inet4Address) LabAddress.of(IpVersion.V4, number(d));
    }

    /**
     * {@return the IPv6 twin of {@link #ipv4}}
     *
     * @param d which, from 0 on; the row's {@link #size} is the end
     */
    public Inet6Address ipv6(int d) {
        return (Inet6Address) LabAddress.of(IpVersion.V6, number(d));
    }

    /** {@return how many addresses the row has in either family, 256 or more} */
    public int size() {
        return size;
    }

    /** {@return the IPv4 prefix, such as {@code 198.18.2.0/24}} */
    public String prefix() {
        return prefix;
    }

    /** {@return what the addresses do, in words} */
    public String description() {
        return description;
    }

    /** {@return the first address as {@link LabAddress} counts} */
    int first() {
        return first;
    }

    /** {@return the whole plan as a table in Markdown} */
    public static String toMarkdown() {
        StringBuilder text = new StringBuilder("| IPv4 | IPv6 | name | what it does |\n|---|---|---|---|\n");
        for (LabPlan row : values()) {
            text.append("| ")
                    .append(row.prefix)
                    .append(" | ")
                    .append(row.ipv6Pattern())
                    .append(" | ");
            text.append(row.name()).append(" | ").append(row.description).append(" |\n");
        }
        return text.toString();
    }

    private String ipv6Pattern() {
        String from = ipv6(0).getHostAddress();
        return from + " to " + ipv6(size - 1).getHostAddress();
    }

    static Behaviour behaviour(int number) {
        LabPlan row = ROWS[number >> 8];
        return row == null ? SILENT.behaviour : row.behaviour;
    }

    private int number(int d) {
        if (d < 0 || d >= size) {
            throw new IllegalArgumentException(this + " has no address " + d + ": give 0 to " + (size - 1));
        }
        return first + d;
    }

    private static LabPlan[] rows() {
        LabPlan[] rows = new LabPlan[LabAddress.COUNT >> 8];
        for (LabPlan row : values()) {
            for (int i = row.first; i < row.first + row.size; i += 256) {
                rows[i >> 8] = row;
            }
        }
        return rows;
    }
}
