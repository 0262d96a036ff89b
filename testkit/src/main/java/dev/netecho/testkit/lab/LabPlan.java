// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the addresses of the lab do.
 *
 * <p>In the descriptions {@code d} is the last number of the address: 198.18.2.25 and 2001:2::18:2:25 answer after 100
 * ms. "3/1" is ICMP type 3 with code 1. An address without a row never answers. {@link #toMarkdown} prints the table.
 */
public enum LabPlan {
    // spotless:off
    HERE                   ("198.18.0.0/24", "this side: .1, .2 and .3 are the interface's own addresses; the others never answer",
            (echo, out) -> { }),
    AT_ONCE                ("198.18.1.0/24", "answers at once",
            Replies::atOnce),
    DELAYED                ("198.18.2.0/24", "answers after 4 d ms",
            (echo, out) -> out.after(4L * echo.d(), Replies.reply(echo))),
    SILENT                 ("198.18.3.0/24", "never answers",
            (echo, out) -> { }),
    LATE                   ("198.18.4.0/24", "answers after 100 d ms",
            (echo, out) -> out.after(100L * echo.d(), Replies.reply(echo))),
    DUPLICATED             ("198.18.5.0/24", "answers at once, and d times more",
            Replies::duplicated),
    REORDERED              ("198.18.6.0/24", "answers the 1st, 3rd, 5th request after 40 ms, the others at once",
            Replies::reordered),
    LOST_BY_PATTERN        ("198.18.7.0/24", "loses by the eight bits of d, the lowest for the 1st, 9th, 17th request: 1 is lost, 0 answered",
            Replies::lostByPattern),
    FIRST_LOST             ("198.18.8.0/24", "loses the first d requests",
            Replies::firstLost),
    UNREACHABLE            ("198.18.9.0/24", "unreachable, code d: 3/d, IPv6 1/d",
            (echo, out) -> out.now(RouterErrors.unreachable(echo, echo.d()))),
    HOPS_AWAY              ("198.18.10.0/24", "d hops away: hop limit h below d is exceeded at router 254.h, else an answer that arrives with hop limit 256 - d",
            RouterErrors::hopsAway),
    TIME_EXCEEDED          ("198.18.11.0/24", "time exceeded, code d, whatever the hop limit: 11/d, IPv6 3/d",
            (echo, out) -> out.now(RouterErrors.timeExceeded(echo, echo.d()))),
    PARAMETER_PROBLEM      ("198.18.12.0/24", "parameter problem, code d, pointing after the fixed header: 12/d, IPv6 4/d",
            (echo, out) -> out.now(RouterErrors.parameterProblem(echo))),
    NARROW                 ("198.18.13.0/24", "behind a link with an MTU of 10 d: 3/4 to don't-fragment packets above it, IPv6 2/0; else answers at once",
            RouterErrors::narrow),
    TOO_BIG                ("198.18.14.0/24", "3/4 or 2/0 with an MTU of 10 d, whatever the size; 0 says nothing of the MTU, IPv6 255 says 4294967295",
            (echo, out) -> out.now(RouterErrors.tooBigForAny(echo))),
    SOURCE_QUENCH          ("198.18.15.0/24", "source quench 4/d, the answer 20 ms later; IPv6 has none: only the answer",
            RouterErrors::sourceQuench),
    REDIRECT               ("198.18.16.0/24", "redirect 5/(d mod 4), IPv6 137, the answer 20 ms later",
            RouterErrors::redirect),
    UNREACHABLE_DELAYED    ("198.18.17.0/24", "3/1, IPv6 1/3, after 4 d ms",
            (echo, out) -> out.after(4L * echo.d(), RouterErrors.hostUnreachable(echo))),
    UNREACHABLE_LATE       ("198.18.18.0/24", "3/1, IPv6 1/3, after 100 d ms",
            (echo, out) -> out.after(100L * echo.d(), RouterErrors.hostUnreachable(echo))),
    UNREACHABLE_BY_OTHER   ("198.18.19.0/24", "3/1, IPv6 1/3, from 253.d, who is no router",
            RouterErrors::unreachableByOther),
    ALTERED                ("198.18.20.0/24", "answers with byte d of the data changed, counted round",
            Replies::altered),
    SHORTENED              ("198.18.21.0/24", "answers with d bytes of data at most",
            Replies::shortened),
    LENGTHENED             ("198.18.22.0/24", "answers with d more zero bytes after the data",
            Replies::lengthened),
    OTHER_IDENTIFIER_FIRST ("198.18.23.0/24", "answers with another identifier, then rightly after 20 ms",
            Replies::otherIdentifierFirst),
    OTHER_SEQUENCE_FIRST   ("198.18.24.0/24", "answers with a sequence number that was not sent, then rightly after 20 ms",
            Replies::otherSequenceFirst),
    OTHER_SOURCE           ("198.18.25.0/24", "answers only from 253.d",
            Replies::otherSource),
    OTHER_SOURCE_FIRST     ("198.18.26.0/24", "answers from 253.d, then rightly after 20 ms",
            Replies::otherSourceFirst),
    BAD_CHECKSUM           ("198.18.27.0/24", "answers only with a wrong ICMP checksum",
            Replies::badChecksum),
    CODE_SET               ("198.18.28.0/24", "answers with code d instead of 0",
            Replies::codeSet),
    TRUNCATED_FIRST        ("198.18.29.0/24", "answers with an ICMP message of d bytes in all, then rightly after 20 ms",
            Replies::truncatedFirst),
    OTHER_TYPE_FIRST       ("198.18.30.0/24", "sends the answer under ICMP type d, then rightly after 20 ms",
            Replies::otherTypeFirst),
    HOP_LIMIT_SET          ("198.18.31.0/24", "answers with a hop limit of d on arrival",
            Replies::hopLimitSet),
    STORM                  ("198.18.32.0/24", "sends 8 d bogus replies, then the answer",
            Replies::storm),
    LABELLED_HOPS_AWAY     ("198.18.33.0/24", "d hops away as 198.18.10; the router at hop h adds an MPLS stack of h labels (RFC 4950)",
            RouterErrors::labelledHopsAway),
    QUOTE_CUT              ("198.18.40.0/24", "3/1, IPv6 1/3, that quotes d bytes after the IP header",
            (echo, out) -> out.now(RouterErrors.hostUnreachable(echo).body(Quote.cut(echo, echo.d())))),
    QUOTE_WITH_OPTIONS     ("198.18.41.0/24", "3/1 whose quote has d words of IP options, IPv6 1/3 with d units of destination options; 1 to 10",
            (echo, out) -> out.now(RouterErrors.hostUnreachable(echo).body(Quote.withOptions(echo)))),
    QUOTE_OTHER_IDENTIFIER ("198.18.42.0/24", "3/1, IPv6 1/3, that quotes a request with another identifier; the answer after 20 ms",
            (echo, out) -> RouterErrors.misquote(echo, out, Quote.otherIdentifier(echo))),
    QUOTE_OTHER_SEQUENCE   ("198.18.43.0/24", "3/1, IPv6 1/3, that quotes a sequence number that was not sent; the answer after 20 ms",
            (echo, out) -> RouterErrors.misquote(echo, out, Quote.otherSequence(echo))),
    QUOTE_OTHER_DESTINATION("198.18.44.0/24", "3/1, IPv6 1/3, that quotes the request as sent to 253.d; the answer after 20 ms",
            (echo, out) -> RouterErrors.misquote(echo, out, Quote.otherDestination(echo))),
    QUOTE_EXTENDED         ("198.18.45.0/24", "11/0, IPv6 3/0, with an RFC 4884 extension: an MPLS stack of d labels, at least one",
            (echo, out) -> out.now(RouterErrors.extended(echo, Quote.extended(echo, echo.d())))),
    QUOTE_EXTENDED_UNTOLD  ("198.18.46.0/24", "the same without the length field, as routers did before RFC 4884",
            (echo, out) -> out.now(RouterErrors.timeExceeded(echo, 0).body(Quote.extended(echo, echo.d())))),
    QUOTE_OTHER_DATA       ("198.18.47.0/24", "3/1, IPv6 1/3, that quotes the request with other data; the answer after 20 ms",
            (echo, out) -> RouterErrors.misquote(echo, out, Quote.otherData(echo))),
    QUOTE_EXTENDED_WRONGLY ("198.18.48.0/24", "the same as 45 with one label and a defect; d: 1 checksum, 2 version, 3 and 4 an object too long or too short, 5 and 6 a length field beyond the end or below 128, 7 neither checksum nor length field",
            (echo, out) -> out.now(RouterErrors.extendedWrongly(echo))),
    ERROR_THEN_REPLY       ("198.18.50.0/24", "3/1, IPv6 1/3, the answer 20 ms later",
            RouterErrors::errorThenReply),
    REPLY_THEN_ERROR       ("198.18.51.0/24", "the answer; 3/1, IPv6 1/3, 20 ms later",
            RouterErrors::replyThenError),
    TWO_ERRORS             ("198.18.52.0/24", "3/1, IPv6 1/3; 3/3, IPv6 1/4, from another router 20 ms later",
            RouterErrors::twoErrors),
    HELD_BACK              ("198.18.60.0/24", "holds its answers for 100 d ms from the first request on, then sends all at once",
            (echo, out) -> Replies.heldBack(echo, out, echo.number(), 100L * echo.d())),
    MANY_AT_ONCE           ("198.18.80.0/20", "4,096 hosts that answer at once",
            Replies::atOnce),
    MANY_UNREACHABLE       ("198.18.96.0/20", "4,096 hosts behind one router that says 3/1, IPv6 1/3, at once",
            (echo, out) -> out.now(RouterErrors.hostUnreachable(echo))),
    MANY_HELD_BACK         ("198.18.112.0/20", "4,096 hosts whose answers are held for 1 s from the first request to any on, then come all at once",
            (echo, out) -> Replies.heldBack(echo, out, LabAddress.NONE, 1_000)),
    MANY_AT_50_MS          ("198.18.128.0/18", "16,384 hosts that answer after 50 ms",
            (echo, out) -> out.after(50, Replies.reply(echo))),
    MANY_SILENT            ("198.18.192.0/19", "8,192 hosts that never answer",
            (echo, out) -> { }),
    OTHERS                 ("198.18.253.0/24", "the others who speak in the answers above; never answer themselves",
            (echo, out) -> { }),
    ROUTERS                ("198.18.254.0/24", "the routers who speak in the errors above, number 1 if not said otherwise; answer at once",
            Replies::atOnce),
    MANY_AT_20_MS          ("198.19.0.0/16", "65,536 hosts that answer after 20 ms",
            (echo, out) -> out.after(20, Replies.reply(echo)));
    // spotless:on

    private static final int BLOCK = 256;
    private static final @Nullable LabPlan[] ROWS = rows();

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

    /**
     * {@return an address of this row}
     *
     * @param version the family
     * @param d which, from 0 on; the row's {@link #size} is the end
     */
    public InetAddress address(IpVersion version, int d) {
        return LabAddress.of(version, number(d));
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
            String cells =
                    String.join(" | ", row.ipv4Pattern(), row.ipv6Pattern(), "`" + row.name() + "`", row.description);
            text.append("| ").append(cells).append(" |\n");
        }
        return text.toString();
    }

    private String ipv4Pattern() {
        return size == BLOCK ? prefix.replace("0/24", "*d*") : prefix;
    }

    private String ipv6Pattern() {
        int last = first + size - 1;
        return size == BLOCK ? ipv6(first, "*d*") : ipv6(first, "0") + " to " + ipv6(last, "255");
    }

    private static String ipv6(int number, String d) {
        return "2001:2::" + (18 + (number >> 16)) + ":" + ((number >> 8) & 0xff) + ":" + d;
    }

    /** {@return the row of an address; {@link #SILENT} for one that no row has} */
    static LabPlan rowOf(int number) {
        LabPlan row = ROWS[number / BLOCK];
        return row == null ? SILENT : row;
    }

    void answer(ReceivedEcho echo, Outbox out) {
        behaviour.answer(echo, out);
    }

    private int number(int d) {
        if (d < 0 || d >= size) {
            throw new IllegalArgumentException(this + " has no address " + d + ": give 0 to " + (size - 1));
        }
        return first + d;
    }

    private static @Nullable LabPlan[] rows() {
        @Nullable LabPlan[] rows = new LabPlan[LabAddress.COUNT / BLOCK];
        for (LabPlan row : values()) {
            for (int i = row.first; i < row.first + row.size; i += BLOCK) {
                rows[i / BLOCK] = row;
            }
        }
        return rows;
    }
}
