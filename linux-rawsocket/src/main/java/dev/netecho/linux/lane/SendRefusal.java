// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.linux.libc.Errno;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns the error number of a refused packet into an outcome an operator can act on (SPEC OUT-4). */
final class SendRefusal {
    private SendRefusal() {}

    /**
     * {@return the outcome}
     *
     * @param request the request
     * @param call the call that failed
     * @param errno its error
     * @param mtu the MTU the kernel named, 0 if none
     * @param local knows this host's addresses
     */
    static EchoOutcome.NotSent of(EchoRequest request, String call, int errno, int mtu, LocalAddresses local) {
        NotSentReason reason = reason(request, errno, local);
        StringBuilder detail = new StringBuilder(call)
                .append(" to ")
                .append(request.destination().getHostAddress())
                .append(": ")
                .append(Errno.describe(errno));
        if (reason == NotSentReason.SOURCE_UNAVAILABLE) {
            String source = request.source().map(InetAddress::getHostAddress).orElse("");
            detail.append("; the source ").append(source).append(" is not usable on this host now");
        } else if (reason == NotSentReason.INVALID_DESTINATION) {
            detail.append("; the destination is a broadcast address");
        } else if (reason == NotSentReason.TOO_LARGE && mtu > 0) {
            detail.append("; the MTU is ").append(mtu);
        } else if (errno == Errno.EPERM) {
            detail.append("; a packet filter of this host forbids it");
        }
        return new EchoOutcome.NotSent(reason, detail.toString(), OptionalInt.of(errno));
    }

    private static NotSentReason reason(EchoRequest request, int errno, LocalAddresses local) {
        return switch (errno) {
            case Errno.EADDRNOTAVAIL -> NotSentReason.SOURCE_UNAVAILABLE;
            // ENETUNREACH and EINVAL also mean "the source is not ours" (IPv4 and IPv6 control messages).
            case Errno.ENETUNREACH ->
                foreignSource(request, local) ? NotSentReason.SOURCE_UNAVAILABLE : NotSentReason.NO_ROUTE;
            case Errno.EINVAL ->
                foreignSource(request, local) ? NotSentReason.SOURCE_UNAVAILABLE : NotSentReason.OS_ERROR;
            case Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.EHOSTDOWN -> NotSentReason.NO_ROUTE;
            case Errno.EMSGSIZE -> NotSentReason.TOO_LARGE;
            // EACCES: a broadcast without SO_BROADCAST, or a "prohibit" route.
            case Errno.EACCES ->
                local.isBroadcast(request.destination())
                        ? NotSentReason.INVALID_DESTINATION
                        : NotSentReason.NOT_PERMITTED;
            case Errno.EPERM -> NotSentReason.NOT_PERMITTED;
            case Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT -> NotSentReason.UNSUPPORTED;
            case Errno.EAGAIN, Errno.ENOBUFS, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM -> NotSentReason.OVERLOADED;
            default -> NotSentReason.OS_ERROR;
        };
    }

    private static boolean foreignSource(EchoRequest request, LocalAddresses local) {
        Optional<InetAddress> source = request.source();
        return source.isPresent() && !local.contains(source.get());
    }
}
