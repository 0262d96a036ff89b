// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every size, offset and constant against the value known beforehand and against the C headers of this machine. */
final class LayoutOracleTest {
    private static final boolean X86_64 = Architecture.currentOrGeneric() == Architecture.X86_64;

    private static final String HEADERS = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <time.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        #include <netinet/in.h>
        #include <netinet/icmp6.h>
        #include <linux/errqueue.h>
        #include <linux/fib_rules.h>
        #include <linux/filter.h>
        #include <linux/icmp.h>
        #include <linux/if_ether.h>
        #include <linux/if_packet.h>
        #include <linux/lwtunnel.h>
        #include <linux/neighbour.h>
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/sock_diag.h>
        #include <linux/xfrm.h>
        """;

    private record Fact(String expression, int golden, int ours) {}

    private static final List<Fact> FACTS = List.of(
            new Fact("sizeof(struct sockaddr_storage)", 128, Sockaddr.STORAGE_SIZE),
            new Fact("offsetof(struct sockaddr, sa_family)", 0, Sockaddr.FAMILY),
            new Fact("sizeof(struct sockaddr_in)", 16, SockaddrIn.SIZE),
            new Fact("offsetof(struct sockaddr_in, sin_port)", 2, SockaddrIn.PORT),
            new Fact("offsetof(struct sockaddr_in, sin_addr)", 4, SockaddrIn.ADDR),
            new Fact("sizeof(struct sockaddr_in6)", 28, SockaddrIn6.SIZE),
            new Fact("offsetof(struct sockaddr_in6, sin6_port)", 2, SockaddrIn6.PORT),
            new Fact("offsetof(struct sockaddr_in6, sin6_flowinfo)", 4, SockaddrIn6.FLOWINFO),
            new Fact("offsetof(struct sockaddr_in6, sin6_addr)", 8, SockaddrIn6.ADDR),
            new Fact("offsetof(struct sockaddr_in6, sin6_scope_id)", 24, SockaddrIn6.SCOPE_ID),
            new Fact("sizeof(struct iovec)", 16, Iovec.SIZE),
            new Fact("offsetof(struct iovec, iov_base)", 0, Iovec.BASE),
            new Fact("offsetof(struct iovec, iov_len)", 8, Iovec.LEN),
            new Fact("sizeof(struct msghdr)", 56, Msghdr.SIZE),
            new Fact("offsetof(struct msghdr, msg_name)", 0, Msghdr.NAME),
            new Fact("offsetof(struct msghdr, msg_namelen)", 8, Msghdr.NAMELEN),
            new Fact("offsetof(struct msghdr, msg_iov)", 16, Msghdr.IOV),
            new Fact("offsetof(struct msghdr, msg_iovlen)", 24, Msghdr.IOVLEN),
            new Fact("offsetof(struct msghdr, msg_control)", 32, Msghdr.CONTROL),
            new Fact("offsetof(struct msghdr, msg_controllen)", 40, Msghdr.CONTROLLEN),
            new Fact("offsetof(struct msghdr, msg_flags)", 48, Msghdr.FLAGS),
            new Fact("sizeof(struct mmsghdr)", 64, Mmsghdr.SIZE),
            new Fact("offsetof(struct mmsghdr, msg_len)", 56, Mmsghdr.LEN),
            new Fact("sizeof(struct cmsghdr)", 16, Cmsghdr.SIZE),
            new Fact("offsetof(struct cmsghdr, cmsg_len)", 0, Cmsghdr.LEN),
            new Fact("offsetof(struct cmsghdr, cmsg_level)", 8, Cmsghdr.LEVEL),
            new Fact("offsetof(struct cmsghdr, cmsg_type)", 12, Cmsghdr.TYPE),
            new Fact("CMSG_SPACE(1)", 24, Cmsghdr.space(1)),
            new Fact("CMSG_SPACE(4)", 24, Cmsghdr.space(4)),
            new Fact("CMSG_SPACE(12)", 32, Cmsghdr.space(12)),
            new Fact("CMSG_SPACE(16)", 32, Cmsghdr.space(16)),
            new Fact("CMSG_SPACE(20)", 40, Cmsghdr.space(20)),
            new Fact("CMSG_SPACE(44)", 64, Cmsghdr.space(44)),
            new Fact("CMSG_LEN(0)", 16, Cmsghdr.dataOffset(0)),
            new Fact("sizeof(struct in_pktinfo)", 12, InPktinfo.SIZE),
            new Fact("offsetof(struct in_pktinfo, ipi_ifindex)", 0, InPktinfo.IFINDEX),
            new Fact("offsetof(struct in_pktinfo, ipi_spec_dst)", 4, InPktinfo.SPEC_DST),
            new Fact("offsetof(struct in_pktinfo, ipi_addr)", 8, InPktinfo.ADDR),
            new Fact("sizeof(struct in6_pktinfo)", 20, In6Pktinfo.SIZE),
            new Fact("offsetof(struct in6_pktinfo, ipi6_addr)", 0, In6Pktinfo.ADDR),
            new Fact("offsetof(struct in6_pktinfo, ipi6_ifindex)", 16, In6Pktinfo.IFINDEX),
            new Fact("sizeof(struct timespec)", 16, Timespec.SIZE),
            new Fact("offsetof(struct timespec, tv_sec)", 0, Timespec.SEC),
            new Fact("offsetof(struct timespec, tv_nsec)", 8, Timespec.NSEC),
            new Fact("CLOCK_REALTIME", 0, Timespec.CLOCK_REALTIME),
            new Fact("CLOCK_MONOTONIC", 1, Timespec.CLOCK_MONOTONIC),
            new Fact("sizeof(struct sock_extended_err)", 16, SockExtendedErr.SIZE),
            new Fact("offsetof(struct sock_extended_err, ee_errno)", 0, SockExtendedErr.ERRNO),
            new Fact("offsetof(struct sock_extended_err, ee_origin)", 4, SockExtendedErr.ORIGIN),
            new Fact("offsetof(struct sock_extended_err, ee_type)", 5, SockExtendedErr.TYPE),
            new Fact("offsetof(struct sock_extended_err, ee_code)", 6, SockExtendedErr.CODE),
            new Fact("offsetof(struct sock_extended_err, ee_info)", 8, SockExtendedErr.INFO),
            new Fact("offsetof(struct sock_extended_err, ee_data)", 12, SockExtendedErr.DATA),
            new Fact(
                    "(char *) SO_EE_OFFENDER((struct sock_extended_err *) 0x1000) - (char *) 0x1000",
                    16,
                    SockExtendedErr.offenderOffset(0)),
            new Fact("SO_EE_ORIGIN_NONE", 0, SockExtendedErr.SO_EE_ORIGIN_NONE),
            new Fact("SO_EE_ORIGIN_LOCAL", 1, SockExtendedErr.SO_EE_ORIGIN_LOCAL),
            new Fact("SO_EE_ORIGIN_ICMP", 2, SockExtendedErr.SO_EE_ORIGIN_ICMP),
            new Fact("SO_EE_ORIGIN_ICMP6", 3, SockExtendedErr.SO_EE_ORIGIN_ICMP6),
            new Fact("SO_EE_ORIGIN_TIMESTAMPING", 4, SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING),
            new Fact("sizeof(struct sock_filter)", 8, SockFilter.SIZE),
            new Fact("offsetof(struct sock_filter, code)", 0, SockFilter.CODE),
            new Fact("offsetof(struct sock_filter, jt)", 2, SockFilter.JT),
            new Fact("offsetof(struct sock_filter, jf)", 3, SockFilter.JF),
            new Fact("offsetof(struct sock_filter, k)", 4, SockFilter.K),
            new Fact("BPF_LD | BPF_H | BPF_ABS", 40, SockFilter.LDH_ABS),
            new Fact("BPF_LD | BPF_B | BPF_ABS", 48, SockFilter.LDB_ABS),
            new Fact("BPF_LD | BPF_H | BPF_IND", 72, SockFilter.LDH_IND),
            new Fact("BPF_LD | BPF_B | BPF_IND", 80, SockFilter.LDB_IND),
            new Fact("BPF_LDX | BPF_B | BPF_MSH", 177, SockFilter.LDX_MSH),
            new Fact("BPF_ALU | BPF_AND | BPF_K", 84, SockFilter.AND_K),
            new Fact("BPF_ALU | BPF_LSH | BPF_K", 100, SockFilter.LSH_K),
            new Fact("BPF_ALU | BPF_ADD | BPF_X", 12, SockFilter.ADD_X),
            new Fact("BPF_MISC | BPF_TAX", 7, SockFilter.TAX),
            new Fact("BPF_JMP | BPF_JA", 5, SockFilter.JA),
            new Fact("BPF_JMP | BPF_JEQ | BPF_K", 21, SockFilter.JEQ_K),
            new Fact("BPF_JMP | BPF_JSET | BPF_K", 69, SockFilter.JSET_K),
            new Fact("BPF_RET | BPF_K", 6, SockFilter.RET_K),
            new Fact("sizeof(struct sock_fprog)", 16, SockFprog.SIZE),
            new Fact("offsetof(struct sock_fprog, len)", 0, SockFprog.LEN),
            new Fact("offsetof(struct sock_fprog, filter)", 8, SockFprog.FILTER),
            new Fact("BPF_MAXINSNS", 4096, SockFprog.MAX_INSTRUCTIONS),
            new Fact("sizeof(struct epoll_event)", X86_64 ? 12 : 16, EpollEvent.SIZE),
            new Fact("offsetof(struct epoll_event, events)", 0, EpollEvent.EVENTS),
            new Fact("offsetof(struct epoll_event, data)", X86_64 ? 4 : 8, EpollEvent.DATA),
            new Fact("SK_MEMINFO_VARS * sizeof(uint32_t)", 36, Meminfo.SIZE),
            new Fact("SK_MEMINFO_RMEM_ALLOC", 0, Meminfo.RMEM_ALLOC),
            new Fact("SK_MEMINFO_RCVBUF", 1, Meminfo.RCVBUF),
            new Fact("SK_MEMINFO_WMEM_ALLOC", 2, Meminfo.WMEM_ALLOC),
            new Fact("SK_MEMINFO_SNDBUF", 3, Meminfo.SNDBUF),
            new Fact("SK_MEMINFO_DROPS", 8, Meminfo.DROPS),
            new Fact("sizeof(struct icmp_filter)", 4, IcmpTypeFilter.ICMP_FILTER_SIZE),
            new Fact("sizeof(struct icmp6_filter)", 32, IcmpTypeFilter.ICMP6_FILTER_SIZE),
            new Fact("SYS_sendmmsg", X86_64 ? 307 : 269, Architecture.currentOrGeneric().sendmmsgNumber),
            new Fact("AF_PACKET", 17, Packet.AF_PACKET),
            new Fact("SOL_PACKET", 263, Packet.SOL_PACKET),
            new Fact("ETH_P_IP", 2048, Packet.ETH_P_IP),
            new Fact("PACKET_RX_RING", 5, Packet.PACKET_RX_RING),
            new Fact("PACKET_STATISTICS", 6, Packet.PACKET_STATISTICS),
            new Fact("PACKET_VERSION", 10, Packet.PACKET_VERSION),
            new Fact("PACKET_QDISC_BYPASS", 20, Packet.PACKET_QDISC_BYPASS),
            new Fact("TPACKET_V3", 2, Packet.TPACKET_V3),
            new Fact("TP_STATUS_KERNEL", 0, Packet.TP_STATUS_KERNEL),
            new Fact("TP_STATUS_USER", 1, Packet.TP_STATUS_USER),
            new Fact("sizeof(struct tpacket_req3)", 28, Packet.RING_REQUEST_SIZE),
            new Fact("sizeof(struct sockaddr_ll)", 20, Packet.ADDRESS_SIZE),
            new Fact("offsetof(struct sockaddr_ll, sll_protocol)", 2, Packet.LL_PROTOCOL),
            new Fact("offsetof(struct sockaddr_ll, sll_ifindex)", 4, Packet.LL_INTERFACE),
            new Fact("sizeof(struct tpacket_stats_v3)", 12, Packet.STATISTICS_SIZE),
            new Fact("offsetof(struct tpacket_stats_v3, tp_drops)", 4, Packet.STATISTICS_DROPS),
            new Fact("offsetof(struct tpacket_block_desc, hdr.bh1.block_status)", 8, Packet.BLOCK_STATUS),
            new Fact("offsetof(struct tpacket_block_desc, hdr.bh1.num_pkts)", 12, Packet.BLOCK_PACKETS),
            new Fact("offsetof(struct tpacket_block_desc, hdr.bh1.offset_to_first_pkt)", 16, Packet.BLOCK_FIRST),
            new Fact("offsetof(struct tpacket3_hdr, tp_next_offset)", 0, Packet.NEXT_OFFSET),
            new Fact("offsetof(struct tpacket3_hdr, tp_sec)", 4, Packet.SECONDS),
            new Fact("offsetof(struct tpacket3_hdr, tp_nsec)", 8, Packet.NANOSECONDS),
            new Fact("offsetof(struct tpacket3_hdr, tp_snaplen)", 12, Packet.SNAPLEN),
            new Fact("offsetof(struct tpacket3_hdr, tp_mac)", 24, Packet.MAC),
            new Fact("offsetof(struct tpacket3_hdr, tp_net)", 26, Packet.NET),
            new Fact("ETH_P_ARP", 2054, Packet.ETH_P_ARP),
            new Fact("sizeof(struct nlmsghdr)", 16, NetlinkMessage.HEADER),
            new Fact("sizeof(struct rtmsg)", 12, RoutingTables.FIXED),
            new Fact("sizeof(struct fib_rule_hdr)", 12, RoutingTables.FIXED),
            new Fact("sizeof(struct ndmsg)", 12, RoutingTables.FIXED),
            new Fact("offsetof(struct rtmsg, rtm_dst_len)", 1, RoutingTables.DESTINATION_BITS),
            new Fact("offsetof(struct fib_rule_hdr, dst_len)", 1, RoutingTables.DESTINATION_BITS),
            new Fact("offsetof(struct fib_rule_hdr, src_len)", 2, RoutingTables.SOURCE_BITS),
            new Fact("offsetof(struct rtmsg, rtm_tos)", 3, RoutingTables.CLASS),
            new Fact("offsetof(struct fib_rule_hdr, tos)", 3, RoutingTables.CLASS),
            new Fact("offsetof(struct rtmsg, rtm_table)", 4, RoutingTables.TABLE),
            new Fact("offsetof(struct fib_rule_hdr, table)", 4, RoutingTables.TABLE),
            new Fact("offsetof(struct rtmsg, rtm_type)", 7, RoutingTables.TYPE),
            new Fact("offsetof(struct fib_rule_hdr, action)", 7, RoutingTables.TYPE),
            new Fact("offsetof(struct rtmsg, rtm_flags)", 8, RoutingTables.FLAGS),
            new Fact("offsetof(struct fib_rule_hdr, flags)", 8, RoutingTables.FLAGS),
            new Fact("offsetof(struct ndmsg, ndm_ifindex)", 4, RoutingTables.NEIGHBOUR_INTERFACE),
            new Fact("offsetof(struct ndmsg, ndm_state)", 8, RoutingTables.NEIGHBOUR_STATE),
            new Fact("RTM_NEWROUTE", 24, RoutingTables.RTM_NEWROUTE),
            new Fact("RTM_DELROUTE", 25, RoutingTables.RTM_DELROUTE),
            new Fact("RTM_GETROUTE", 26, RoutingTables.RTM_GETROUTE),
            new Fact("RTM_NEWNEIGH", 28, RoutingTables.RTM_NEWNEIGH),
            new Fact("RTM_GETNEIGH", 30, RoutingTables.RTM_GETNEIGH),
            new Fact("RTM_NEWRULE", 32, RoutingTables.RTM_NEWRULE),
            new Fact("RTM_GETRULE", 34, RoutingTables.RTM_GETRULE),
            new Fact("RTN_UNICAST", 1, RoutingTables.RTN_UNICAST),
            new Fact("RTN_THROW", 9, RoutingTables.RTN_THROW),
            new Fact("RTNH_F_DEAD", 1, RoutingTables.RTNH_F_DEAD),
            new Fact("RTM_F_CLONED", 512, RoutingTables.RTM_F_CLONED),
            new Fact("RTA_DST", 1, RoutingTables.RTA_DST),
            new Fact("RTA_OIF", 4, RoutingTables.RTA_OIF),
            new Fact("RTA_GATEWAY", 5, RoutingTables.RTA_GATEWAY),
            new Fact("RTA_PRIORITY", 6, RoutingTables.RTA_PRIORITY),
            new Fact("RTA_MULTIPATH", 9, RoutingTables.RTA_MULTIPATH),
            new Fact("RTA_TABLE", 15, RoutingTables.RTA_TABLE),
            new Fact("RTA_ENCAP", 22, RoutingTables.RTA_ENCAP),
            new Fact("RT_TABLE_DEFAULT", 253, RoutingTables.RT_TABLE_DEFAULT),
            new Fact("RT_TABLE_MAIN", 254, RoutingTables.RT_TABLE_MAIN),
            new Fact("RT_TABLE_LOCAL", 255, RoutingTables.RT_TABLE_LOCAL),
            new Fact("FR_ACT_TO_TBL", 1, RoutingTables.FR_ACT_TO_TBL),
            new Fact("FR_ACT_NOP", 3, RoutingTables.FR_ACT_NOP),
            new Fact("FIB_RULE_INVERT", 2, RoutingTables.FIB_RULE_INVERT),
            new Fact("FRA_DST", 1, RoutingTables.FRA_DST),
            new Fact("FRA_IIFNAME", 3, RoutingTables.FRA_IIFNAME),
            new Fact("FRA_PRIORITY", 6, RoutingTables.FRA_PRIORITY),
            new Fact("FRA_FLOW", 11, RoutingTables.FRA_FLOW),
            new Fact("FRA_SUPPRESS_PREFIXLEN", 14, RoutingTables.FRA_SUPPRESS_PREFIXLEN),
            new Fact("FRA_TABLE", 15, RoutingTables.FRA_TABLE),
            new Fact("FRA_OIFNAME", 17, RoutingTables.FRA_OIFNAME),
            new Fact("FRA_PAD", 18, RoutingTables.FRA_PAD),
            new Fact("FRA_PROTOCOL", 21, RoutingTables.FRA_PROTOCOL),
            new Fact("NDA_DST", 1, RoutingTables.NDA_DST),
            new Fact("NDA_LLADDR", 2, RoutingTables.NDA_LLADDR),
            new Fact("NDA_CACHEINFO", 3, RoutingTables.NDA_CACHEINFO),
            new Fact("NUD_NOARP | NUD_PERMANENT", 192, RoutingTables.NUD_STATIC),
            new Fact(
                    "NUD_NOARP | NUD_PERMANENT | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY",
                    222,
                    RoutingTables.NUD_VALID),
            new Fact("NETLINK_XFRM", 6, Xfrm.NETLINK_XFRM),
            new Fact("XFRM_MSG_NEWPOLICY", 19, Xfrm.XFRM_MSG_NEWPOLICY),
            new Fact("XFRM_MSG_GETPOLICY", 21, Xfrm.XFRM_MSG_GETPOLICY),
            new Fact("XFRMNLGRP_POLICY", 4, Xfrm.XFRMNLGRP_POLICY),
            new Fact("XFRM_POLICY_OUT", 1, Xfrm.XFRM_POLICY_OUT),
            new Fact("XFRM_POLICY_ALLOW", 0, Xfrm.XFRM_POLICY_ALLOW),
            new Fact("XFRMA_TMPL", 5, Xfrm.XFRMA_TMPL),
            new Fact("XFRMA_IF_ID", 31, Xfrm.XFRMA_IF_ID),
            new Fact("sizeof(struct xfrm_userpolicy_info)", 168, Xfrm.POLICY_SIZE),
            new Fact("offsetof(struct xfrm_userpolicy_info, sel.saddr)", 16, Xfrm.SOURCE),
            new Fact("offsetof(struct xfrm_userpolicy_info, sel.family)", 40, Xfrm.FAMILY),
            new Fact("offsetof(struct xfrm_userpolicy_info, sel.prefixlen_d)", 42, Xfrm.DESTINATION_BITS),
            new Fact("offsetof(struct xfrm_userpolicy_info, sel.prefixlen_s)", 43, Xfrm.SOURCE_BITS),
            new Fact("offsetof(struct xfrm_userpolicy_info, sel.proto)", 44, Xfrm.PROTOCOL),
            new Fact("offsetof(struct xfrm_userpolicy_info, dir)", 160, Xfrm.DIRECTION),
            new Fact("offsetof(struct xfrm_userpolicy_info, action)", 161, Xfrm.ACTION),
            new Fact("SYS_mmap", X86_64 ? 9 : 222, Architecture.currentOrGeneric().mmapNumber),
            new Fact("SYS_munmap", X86_64 ? 11 : 215, Architecture.currentOrGeneric().munmapNumber),
            new Fact("AF_UNSPEC", 0, Socket.AF_UNSPEC),
            new Fact("AF_INET", 2, Socket.AF_INET),
            new Fact("AF_INET6", 10, Socket.AF_INET6),
            new Fact("SOCK_DGRAM", 2, Socket.SOCK_DGRAM),
            new Fact("SOCK_RAW", 3, Socket.SOCK_RAW),
            new Fact("SOCK_NONBLOCK", 2048, Socket.SOCK_NONBLOCK),
            new Fact("SOCK_CLOEXEC", 524288, Socket.SOCK_CLOEXEC),
            new Fact("SOL_SOCKET", 1, Socket.SOL_SOCKET),
            new Fact("SO_REUSEADDR", 2, Socket.SO_REUSEADDR),
            new Fact("SO_ERROR", 4, Socket.SO_ERROR),
            new Fact("SO_BROADCAST", 6, Socket.SO_BROADCAST),
            new Fact("SO_SNDBUF", 7, Socket.SO_SNDBUF),
            new Fact("SO_RCVBUF", 8, Socket.SO_RCVBUF),
            new Fact("SO_PRIORITY", 12, Socket.SO_PRIORITY),
            new Fact("SO_REUSEPORT", 15, Socket.SO_REUSEPORT),
            new Fact("SO_BINDTODEVICE", 25, Socket.SO_BINDTODEVICE),
            new Fact("SO_ATTACH_FILTER", 26, Socket.SO_ATTACH_FILTER),
            new Fact("SO_DETACH_FILTER", 27, Socket.SO_DETACH_FILTER),
            new Fact("SO_SNDBUFFORCE", 32, Socket.SO_SNDBUFFORCE),
            new Fact("SO_RCVBUFFORCE", 33, Socket.SO_RCVBUFFORCE),
            new Fact("SO_TIMESTAMPNS", 35, Socket.SO_TIMESTAMPNS),
            new Fact("SCM_TIMESTAMPNS", 35, Socket.SCM_TIMESTAMPNS),
            new Fact("SO_MARK", 36, Socket.SO_MARK),
            new Fact("SO_TIMESTAMPING", 37, Socket.SO_TIMESTAMPING),
            new Fact("SO_RXQ_OVFL", 40, Socket.SO_RXQ_OVFL),
            new Fact("SO_LOCK_FILTER", 44, Socket.SO_LOCK_FILTER),
            new Fact("SO_MEMINFO", 55, Socket.SO_MEMINFO),
            new Fact("MSG_CTRUNC", 8, Socket.MSG_CTRUNC),
            new Fact("MSG_TRUNC", 32, Socket.MSG_TRUNC),
            new Fact("MSG_DONTWAIT", 64, Socket.MSG_DONTWAIT),
            new Fact("MSG_ERRQUEUE", 8192, Socket.MSG_ERRQUEUE),
            new Fact("IPPROTO_IP", 0, Ip.IPPROTO_IP),
            new Fact("IP_TOS", 1, Ip.IP_TOS),
            new Fact("IP_TTL", 2, Ip.IP_TTL),
            new Fact("IP_PKTINFO", 8, Ip.IP_PKTINFO),
            new Fact("IP_MTU_DISCOVER", 10, Ip.IP_MTU_DISCOVER),
            new Fact("IP_RECVERR", 11, Ip.IP_RECVERR),
            new Fact("IP_RECVERR_RFC4884", 26, Ip.IP_RECVERR_RFC4884),
            new Fact("IP_RECVTTL", 12, Ip.IP_RECVTTL),
            new Fact("IP_RECVTOS", 13, Ip.IP_RECVTOS),
            new Fact("IP_FREEBIND", 15, Ip.IP_FREEBIND),
            new Fact("IP_TRANSPARENT", 19, Ip.IP_TRANSPARENT),
            new Fact("IP_UNICAST_IF", 50, Ip.IP_UNICAST_IF),
            new Fact("IP_PMTUDISC_DONT", 0, Ip.IP_PMTUDISC_DONT),
            new Fact("IP_PMTUDISC_WANT", 1, Ip.IP_PMTUDISC_WANT),
            new Fact("IP_PMTUDISC_DO", 2, Ip.IP_PMTUDISC_DO),
            new Fact("IP_PMTUDISC_PROBE", 3, Ip.IP_PMTUDISC_PROBE),
            new Fact("IP_PMTUDISC_OMIT", 5, Ip.IP_PMTUDISC_OMIT),
            new Fact("IPPROTO_IPV6", 41, Ipv6.IPPROTO_IPV6),
            new Fact("IPV6_UNICAST_HOPS", 16, Ipv6.IPV6_UNICAST_HOPS),
            new Fact("IPV6_MTU_DISCOVER", 23, Ipv6.IPV6_MTU_DISCOVER),
            new Fact("IPV6_RECVERR", 25, Ipv6.IPV6_RECVERR),
            new Fact("IPV6_RECVERR_RFC4884", 31, Ipv6.IPV6_RECVERR_RFC4884),
            new Fact("IPV6_V6ONLY", 26, Ipv6.IPV6_V6ONLY),
            new Fact("IPV6_RECVPKTINFO", 49, Ipv6.IPV6_RECVPKTINFO),
            new Fact("IPV6_PKTINFO", 50, Ipv6.IPV6_PKTINFO),
            new Fact("IPV6_RECVHOPLIMIT", 51, Ipv6.IPV6_RECVHOPLIMIT),
            new Fact("IPV6_HOPLIMIT", 52, Ipv6.IPV6_HOPLIMIT),
            new Fact("IPV6_DONTFRAG", 62, Ipv6.IPV6_DONTFRAG),
            new Fact("IPV6_RECVTCLASS", 66, Ipv6.IPV6_RECVTCLASS),
            new Fact("IPV6_TCLASS", 67, Ipv6.IPV6_TCLASS),
            new Fact("IPV6_FREEBIND", 78, Ipv6.IPV6_FREEBIND),
            new Fact("IPPROTO_ICMP", 1, Icmp.IPPROTO_ICMP),
            new Fact("IPPROTO_ICMPV6", 58, Icmp.IPPROTO_ICMPV6),
            new Fact("SOL_RAW", 255, Icmp.SOL_RAW),
            new Fact("ICMP_FILTER", 1, Icmp.ICMP_FILTER),
            new Fact("ICMP6_FILTER", 1, Icmp.ICMP6_FILTER),
            new Fact("EPOLL_CLOEXEC", 524288, Epoll.EPOLL_CLOEXEC),
            new Fact("EPOLL_CTL_ADD", 1, Epoll.EPOLL_CTL_ADD),
            new Fact("EPOLL_CTL_DEL", 2, Epoll.EPOLL_CTL_DEL),
            new Fact("EPOLL_CTL_MOD", 3, Epoll.EPOLL_CTL_MOD),
            new Fact("EPOLLIN", 1, Epoll.EPOLLIN),
            new Fact("EPOLLOUT", 4, Epoll.EPOLLOUT),
            new Fact("EPOLLERR", 8, Epoll.EPOLLERR),
            new Fact("EPOLLHUP", 16, Epoll.EPOLLHUP),
            new Fact("EPOLLRDHUP", 8192, Epoll.EPOLLRDHUP),
            new Fact("EPOLLONESHOT", 1073741824, Epoll.EPOLLONESHOT),
            new Fact("EPOLLET", Integer.MIN_VALUE, Epoll.EPOLLET),
            new Fact("EFD_NONBLOCK", 2048, Epoll.EFD_NONBLOCK),
            new Fact("EFD_CLOEXEC", 524288, Epoll.EFD_CLOEXEC));

    @TestFactory
    Stream<DynamicTest> hasTheValueKnownBeforehand() {
        return FACTS.stream()
                .map(fact ->
                        dynamicTest(fact.expression, () -> assertThat(fact.ours).isEqualTo(fact.golden)));
    }

    @Test
    void agreesWithTheHeadersOfThisMachine(@TempDir Path directory) throws Exception {
        String source = FACTS.stream()
                .map(fact -> "    printf(\"%d\\n\", (int) (" + fact.expression + "));\n")
                .collect(Collectors.joining("", HEADERS + "int main(void) {\n", "    return 0;\n}\n"));

        List<String> printed = CompilerOracle.run(directory, source);

        assertThat(printed).hasSameSizeAs(FACTS);
        for (int i = 0; i < printed.size(); i++) {
            assertThat(FACTS.get(i).ours).as(FACTS.get(i).expression).isEqualTo(Integer.parseInt(printed.get(i)));
        }
    }
}
