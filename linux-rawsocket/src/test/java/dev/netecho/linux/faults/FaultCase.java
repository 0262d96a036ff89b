// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.testkit.cases.TestedBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One call, one error, how often, on which engine. */
record FaultCase(String call, int errno, long times, boolean raw, Loop loop) implements TestedBackend {
    /** Whose event loop it runs on. */
    enum Loop {
        OWN,
        LENT
    }

    private static final long A_FEW = 20;

    /** Calls and the errors that their man pages name; section 2, and ip(7) for what routing says. */
    private static final Object[][] MAN_PAGES = {
        {"socket", "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT"},
        {"bind", "EACCES EADDRINUSE EBADF EINVAL EADDRNOTAVAIL ENOMEM"},
        {"getsockname", "EBADF EFAULT EINVAL ENOBUFS"},
        {
            "sendmmsg",
            "EACCES EAGAIN EBADF EDESTADDRREQ EFAULT EINTR EINVAL EMSGSIZE ENOBUFS ENOMEM ENOTCONN EOPNOTSUPP EPIPE"
                    + " EHOSTUNREACH ENETUNREACH EADDRNOTAVAIL ENETDOWN"
        },
        {"recvmmsg", "EAGAIN EACCES EBADF ECONNREFUSED EFAULT EINTR EINVAL ENOMEM ENOTCONN"},
        {"recvmmsg(MSG_ERRQUEUE)", "EAGAIN EACCES EBADF EFAULT EINTR EINVAL ENOMEM"},
        {"epoll_create1", "EINVAL EMFILE ENFILE ENOMEM"},
        {"eventfd", "EINVAL EMFILE ENFILE ENODEV ENOMEM"},
        {"epoll_ctl", "EBADF EEXIST EINVAL ENOENT ENOMEM ENOSPC"},
        {"epoll_wait", "EBADF EFAULT EINTR EINVAL"},
        {"epoll_pwait2", "EBADF EFAULT EINTR EINVAL"},
        {"write", "EAGAIN EBADF EFAULT EINTR EINVAL EIO"},
        {"read", "EAGAIN EBADF EFAULT EINTR EINVAL EIO"},
        {"close", "EBADF EINTR EIO"},
        {"clock_gettime", "EFAULT EINVAL"},
    };

    private static final String OPTION_ERRORS = "EBADF EFAULT EINVAL ENOPROTOOPT ENOMEM";

    private static final String[] OPTIONS = {
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_REUSEADDR),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_MARK),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_TIMESTAMPNS),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_SNDBUFFORCE),
        SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_ATTACH_FILTER),
        SystemCalls.option("setsockopt", Ip.IPPROTO_IP, Ip.IP_RECVERR),
        SystemCalls.option("setsockopt", Ip.IPPROTO_IP, Ip.IP_RECVTTL),
        SystemCalls.option("setsockopt", Ip.IPPROTO_IP, Ip.IP_RECVERR_RFC4884),
        SystemCalls.option("setsockopt", Ip.IPPROTO_IP, Ip.IP_MTU_DISCOVER),
        SystemCalls.option("setsockopt", Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR),
        SystemCalls.option("setsockopt", Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR_RFC4884),
        SystemCalls.option("setsockopt", Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVHOPLIMIT),
        SystemCalls.option("setsockopt", Ipv6.IPPROTO_IPV6, Ipv6.IPV6_MTU_DISCOVER),
        SystemCalls.option("setsockopt", Ipv6.IPPROTO_IPV6, Ipv6.IPV6_DONTFRAG),
        SystemCalls.option("getsockopt", Socket.SOL_SOCKET, Socket.SO_RCVBUF),
        SystemCalls.option("getsockopt", Socket.SOL_SOCKET, Socket.SO_MEMINFO),
    };

    Fault fault() {
        return new Fault(call, errno, times);
    }

    /** {@return a fault and what it needs: epoll_wait is called only where epoll_pwait2 is missing} */
    Fault[] withWhatItNeeds(Fault fault) {
        return call.equals("epoll_wait")
                ? new Fault[] {fault, new Fault("epoll_pwait2", Errno.ENOSYS, Fault.FOR_EVER)}
                : new Fault[] {fault};
    }

    /** {@return the name of the man page} */
    String function() {
        int parenthesis = call.indexOf('(');
        return parenthesis < 0 ? call : call.substring(0, parenthesis);
    }

    /**
     * {@return whether no sample leaves it out: a call that a seccomp profile denies, a send that never has room, and a
     * read that finds nothing where epoll(7) says that there is something}
     */
    boolean isAlwaysRun() {
        boolean denied = (errno == Errno.EPERM || errno == Errno.ENOSYS) && !call.contains("sockopt");
        boolean never = errno == Errno.EAGAIN && (call.equals("sendmmsg") || call.startsWith("recvmmsg"));
        return times == Fault.FOR_EVER && (denied || never);
    }

    /** {@return whether nothing can be waited for any more, so that the requester ends} */
    boolean endsLoop() {
        return call.equals("epoll_wait") && loop == Loop.OWN && errno != Errno.EINTR;
    }

    static List<FaultCase> all() {
        List<FaultCase> all = new ArrayList<>();
        for (Object[] page : MAN_PAGES) {
            add(all, (String) page[0], (String) page[1]);
        }
        for (String option : OPTIONS) {
            add(all, option, OPTION_ERRORS);
        }
        return all;
    }

    private static void add(List<FaultCase> all, String call, String errors) {
        Set<String> names = new LinkedHashSet<>(List.of("EPERM", "ENOSYS"));
        names.addAll(Arrays.asList(errors.split(" ")));
        for (String name : names) {
            for (long times : new long[] {1, A_FEW, Fault.FOR_EVER}) {
                for (Loop loop : Loop.values()) {
                    all.add(new FaultCase(call, number(name), times, false, loop));
                    all.add(new FaultCase(call, number(name), times, true, loop));
                }
            }
        }
    }

    private static int number(String name) {
        try {
            return Errno.class.getField(name).getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    @Override
    public String backend() {
        return raw ? "linux-raw" : "linux-datagram";
    }

    @Override
    public String toString() {
        return call + " " + Errno.name(errno) + (times == Fault.FOR_EVER ? " for ever" : " x" + times) + ", "
                + backend() + " on " + loop;
    }
}
