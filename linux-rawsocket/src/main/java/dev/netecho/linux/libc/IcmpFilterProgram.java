// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.util.List;
import java.util.Locale;

/**
 * BPF programs that let a raw ICMP socket see only packets about its own block of identifiers.
 *
 * <p>They pass echo replies with an identifier of the block, and ICMP errors that quote one: {@code (identifier & mask)
 * == base}. All other packets that the host receives are dropped before they wake the process: requests, answers to
 * other processes, and errors about them. IP options in the outer and the quoted IPv4 header are skipped. A packet that
 * is too short to tell is dropped.
 *
 * <p>The programs do not look at the quoted protocol and type, nor at any checksum: the parser must.
 */
public final class IcmpFilterProgram {
    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_DESTINATION_UNREACHABLE = 3;
    private static final int ICMP_TIME_EXCEEDED = 11;
    private static final int ICMP_PARAMETER_PROBLEM = 12;

    /** No error has it: types 0 to 127 are errors, those of unknown meaning too (RFC 4443, 2.1). */
    private static final int ICMPV6_INFORMATIONAL = 0x80;

    private static final int ICMPV6_ECHO_REPLY = 129;

    private static final int ICMP_HEADER = 8;
    private static final int IDENTIFIER = 4;
    private static final int IPV4_PROTOCOL = 9;
    private static final int ICMP = 1;
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int FRAGMENT = 44;
    private static final int ICMPV6 = 58;
    private static final int FRAGMENT_HEADER = 8;
    private static final int PASS_ALL = -1;

    private static final String ERROR = "error";
    private static final String QUOTED = "quoted";
    private static final String FRAGMENTED = "fragmented";
    private static final String REPLY = "reply";
    private static final String COMPARE = "compare";
    private static final String PASS = "pass";
    private static final String DROP = "drop";

    private IcmpFilterProgram() {}

    /**
     * {@return the program for a raw IPv4 socket, whose packets begin with the IP header}
     *
     * @param base the identifiers' common bits, 0 to 65535
     * @param mask which bits are common, 0 to 65535; 65535 for one identifier
     * @throws IllegalArgumentException if a value is out of range or {@code base} has a bit outside the mask
     */
    public static List<SockFilter> v4(int base, int mask) {
        return v4(new BpfProgramBuilder(), base, mask);
    }

    /**
     * {@return the program for a packet socket, which sees all IPv4 packets of a link, from the IP header on}
     *
     * @param identifier of the echo requests, 0 to 65535
     * @throws IllegalArgumentException if it is out of range
     */
    public static List<SockFilter> v4OnLink(int identifier) {
        BpfProgramBuilder program = new BpfProgramBuilder()
                .add(SockFilter.LDB_ABS, IPV4_PROTOCOL)
                .jumpIfEqual(ICMP, BpfProgramBuilder.NEXT, DROP);
        return v4(program, identifier, 0xffff);
    }

    private static List<SockFilter> v4(BpfProgramBuilder program, int base, int mask) {
        check(base, mask);
        program.add(SockFilter.LDX_MSH, 0)
                .add(SockFilter.LDB_IND, 0)
                .jumpIfEqual(ICMP_ECHO_REPLY, REPLY, BpfProgramBuilder.NEXT)
                .jumpIfEqual(ICMP_DESTINATION_UNREACHABLE, ERROR, BpfProgramBuilder.NEXT)
                .jumpIfEqual(ICMP_TIME_EXCEEDED, ERROR, BpfProgramBuilder.NEXT)
                .jumpIfEqual(ICMP_PARAMETER_PROBLEM, ERROR, DROP)
                // X becomes the length of both IP headers.
                .label(ERROR)
                .add(SockFilter.LDB_IND, ICMP_HEADER)
                .add(SockFilter.AND_K, 0xf)
                .add(SockFilter.LSH_K, 2)
                .add(SockFilter.ADD_X, 0)
                .add(SockFilter.TAX, 0)
                .add(SockFilter.LDH_IND, ICMP_HEADER + IDENTIFIER)
                .jump(COMPARE)
                .label(REPLY)
                .add(SockFilter.LDH_IND, IDENTIFIER);
        return compare(program, base, mask);
    }

    /**
     * {@return the program for a raw IPv6 socket, whose packets begin with the ICMPv6 header}
     *
     * @param base the identifiers' common bits, 0 to 65535
     * @param mask which bits are common, 0 to 65535; 65535 for one identifier
     * @throws IllegalArgumentException if a value is out of range or {@code base} has a bit outside the mask
     */
    public static List<SockFilter> v6(int base, int mask) {
        check(base, mask);
        BpfProgramBuilder program = new BpfProgramBuilder()
                .add(SockFilter.LDB_ABS, 0)
                .jumpIfEqual(ICMPV6_ECHO_REPLY, REPLY, BpfProgramBuilder.NEXT)
                .jumpIfAnyBit(ICMPV6_INFORMATIONAL, DROP, BpfProgramBuilder.NEXT)
                // The kernel itself quotes a fragment header: a request above the MTU leaves as fragments (RFC 8200,
                // section 4.5). Other headers may be added on the way, as segment routing does. They are rare, so the
                // receiver looks at them, where a loop can follow them.
                .add(SockFilter.LDB_ABS, ICMP_HEADER + IPV6_NEXT_HEADER)
                .jumpIfEqual(ICMPV6, QUOTED, BpfProgramBuilder.NEXT)
                .jumpIfEqual(FRAGMENT, FRAGMENTED, BpfProgramBuilder.NEXT)
                .jumpIfEqual(HOP_BY_HOP, PASS, BpfProgramBuilder.NEXT)
                .jumpIfEqual(ROUTING, PASS, BpfProgramBuilder.NEXT)
                .jumpIfEqual(DESTINATION_OPTIONS, PASS, DROP)
                .label(QUOTED)
                .add(SockFilter.LDH_ABS, ICMP_HEADER + IPV6_HEADER + IDENTIFIER)
                .jump(COMPARE)
                .label(FRAGMENTED)
                .add(SockFilter.LDH_ABS, ICMP_HEADER + IPV6_HEADER + FRAGMENT_HEADER + IDENTIFIER)
                .jump(COMPARE)
                .label(REPLY)
                .add(SockFilter.LDH_ABS, IDENTIFIER);
        return compare(program, base, mask);
    }

    private static List<SockFilter> compare(BpfProgramBuilder program, int base, int mask) {
        return program.label(COMPARE)
                .add(SockFilter.AND_K, mask)
                .jumpIfEqual(base, PASS, DROP)
                .label(PASS)
                .add(SockFilter.RET_K, PASS_ALL)
                .label(DROP)
                .add(SockFilter.RET_K, 0)
                .build();
    }

    private static void check(int base, int mask) {
        if ((mask & ~0xffff) != 0 || (base & ~mask) != 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "identifier block base=0x%x mask=0x%x: both take 16 bits, and base only bits of the mask",
                    base,
                    mask));
        }
    }
}
