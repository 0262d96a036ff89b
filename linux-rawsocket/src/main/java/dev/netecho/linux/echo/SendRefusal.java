// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.linux.host.LocalAddresses;
import dev.netecho.linux.host.LocalAddresses.Reach;
import dev.netecho.linux.host.LocalAddresses.Standing;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Turns the error number of a refused packet into an outcome an operator can act on (SPEC OUT-4). */
final class SendRefusal {
    private static final String NOT_USABLE = " is not usable on this host now";
    private static final String OF_ANOTHER_LINK = " is not an address of the link that leads to the destination";
    private static final String LOOPBACK =
            " is the loopback address, and reaches no other host and no link-local address";

    private static final String LINK_DOWN = " is of a link that is down, so that this host would drop the answer";

    /** The call that a packet filter may make fail. */
    static final String SENDING = "sendmmsg";

    static final String DENIED = "a system-call filter (seccomp) or a security module on this host denies the call";

    private SendRefusal() {}

    /**
     * {@return the outcome where no socket can be opened for the request} No packet filter decides that.
     *
     * @param denial what to do if the call is denied, else empty
     */
    static EchoOutcome.NotSent ofSocket(
            EchoRequest request, SystemCallException failure, String denial, LocalAddresses local) {
        String call = failure.call();
        int errno = failure.errno();
        // The error itself says what was missing: it may be back by now.
        if (errno == Errno.ENODEV && call.startsWith("setsockopt(SO_BINDTODEVICE")) {
            return gone(request, call, NotSentReason.NO_ROUTE, "this host had no interface " + local.interfaceName());
        }
        if (errno == Errno.ENODEV && call.startsWith("bind(")) {
            String source = request.source().map(InetAddress::getHostAddress).orElse("");
            return gone(
                    request,
                    call,
                    NotSentReason.SOURCE_UNAVAILABLE,
                    "this host had no interface of the source " + source);
        }
        return denial.isEmpty() ? of(request, call, errno, 0, local) : denied(request, call, errno, denial);
    }

    private static EchoOutcome.NotSent gone(EchoRequest request, String call, NotSentReason reason, String what) {
        return new EchoOutcome.NotSent(
                reason,
                call + " to " + request.destination().getHostAddress() + ": " + Errno.describe(Errno.ENODEV) + "; "
                        + what + " when the request was to be sent",
                OptionalInt.of(Errno.ENODEV));
    }

    /** {@return the outcome where the call as such is denied, wherever the packet goes} */
    static EchoOutcome.NotSent denied(EchoRequest request, String call, int errno) {
        return denied(request, call, errno, DENIED);
    }

    private static EchoOutcome.NotSent denied(EchoRequest request, String call, int errno, String why) {
        return new EchoOutcome.NotSent(
                errno == Errno.ENOSYS ? NotSentReason.OS_ERROR : NotSentReason.NOT_PERMITTED,
                call + " to " + request.destination().getHostAddress() + ": " + Errno.describe(errno) + "; " + why,
                OptionalInt.of(errno));
    }

    /** {@return the outcome where the kernel has no room on the way to this destination, and the socket has} */
    static EchoOutcome.NotSent ofWay(EchoRequest request, int errno) {
        return new EchoOutcome.NotSent(
                NotSentReason.OVERLOADED,
                SENDING + " to " + request.destination().getHostAddress() + ": " + Errno.describe(errno) + "; "
                        + "the socket has room, so this concerns the way to this destination alone; see "
                        + "\"ip xfrm policy\" if IPsec is in use",
                OptionalInt.of(errno));
    }

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
        InetAddress source = request.source().orElse(null);
        // Sockets report different ones of these if the interface is gone, by kind and source.
        boolean maybeLost = errno == Errno.ENODEV || errno == Errno.EINVAL || errno == Errno.ENETUNREACH;
        String missing = maybeLost ? local.missingInterface(request) : "";
        boolean lost = !missing.isEmpty();
        String sourceFault = source == null ? null : sourceFault(source, request.destination(), errno, lost, local);
        NotSentReason reason = sourceFault != null
                ? NotSentReason.SOURCE_UNAVAILABLE
                : lost ? NotSentReason.NO_ROUTE : reason(request, errno, local);
        String more = sourceFault != null
                ? sourceFault
                : lost ? "this host has no interface " + missing : explanation(request, reason, call, errno, mtu);
        String detail = call + " to " + request.destination().getHostAddress() + ": " + Errno.describe(errno)
                + (more.isEmpty() ? "" : "; " + more);
        return new EchoOutcome.NotSent(reason, detail, OptionalInt.of(errno));
    }

    /**
     * {@return whether a refusal names no cause, and may have had one that is over: an interface or an address which
     * was gone, and was back when this host was asked for it}
     *
     * @param refusal as {@link #of} has made it
     */
    static boolean mayHavePassed(EchoRequest request, EchoOutcome.NotSent refusal) {
        return switch (refusal.osError().orElse(0)) {
            case Errno.EINVAL, Errno.ENODEV -> refusal.reason() == NotSentReason.OS_ERROR;
            // Without a source it is true whatever has changed since.
            case Errno.ENETUNREACH ->
                refusal.reason() == NotSentReason.NO_ROUTE && request.source().isPresent();
            default -> false;
        };
    }

    /**
     * {@return what is wrong with a source that the kernel has, or may have, refused; null if nothing is known to be}
     */
    private static @Nullable String sourceFault(
            InetAddress source, InetAddress destination, int errno, boolean lost, LocalAddresses local) {
        String named = "the source " + source.getHostAddress();
        return switch (errno) {
            case Errno.EADDRNOTAVAIL -> named + NOT_USABLE;
            // ENETUNREACH and EINVAL also mean "no source of this host" (control messages of IPv4 and IPv6); ENODEV,
            // that the interface of a link-local source is gone.
            case Errno.ENETUNREACH, Errno.EINVAL, Errno.ENODEV ->
                switch (local.of(source)) {
                    case BROADCAST -> named + " is a broadcast address, which cannot be a source";
                    case FOREIGN -> named + NOT_USABLE;
                    case UNKNOWN -> null;
                    case LOCAL ->
                        errno == Errno.EINVAL && !lost
                                ? faultOfOwnSource(named, source, destination, local.interfaceName())
                                : null;
                };
            default -> null;
        };
    }

    /**
     * A source of this host that does not suit the destination: the kernel says EINVAL, as it does for a blackhole
     * route.
     */
    private static @Nullable String faultOfOwnSource(
            String named, InetAddress source, InetAddress destination, String bound) {
        if (source instanceof Inet4Address && source.isLoopbackAddress() && !destination.isLoopbackAddress()) {
            return named + " is a loopback address, and the destination is another host";
        }
        if (source.isLinkLocalAddress() && destination.isLinkLocalAddress()) {
            return named + OF_ANOTHER_LINK;
        }
        if (source.isLoopbackAddress() && destination.isLinkLocalAddress()) {
            return named + LOOPBACK;
        }
        if (source.isLoopbackAddress() && !bound.isEmpty() && !bound.equals("lo")) {
            return named + " is a loopback address, and the interface asked for is " + bound;
        }
        return null;
    }

    private static NotSentReason reason(EchoRequest request, int errno, LocalAddresses local) {
        return switch (errno) {
            // Without a source the kernel has found a route, and no address of its own to send from.
            case Errno.EADDRNOTAVAIL, Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.EHOSTDOWN ->
                NotSentReason.NO_ROUTE;
            case Errno.EMSGSIZE -> NotSentReason.TOO_LARGE;
            // EACCES: a broadcast without SO_BROADCAST, or a "prohibit" route.
            case Errno.EACCES ->
                request.version() == IpVersion.V4 && local.of(request.destination()) == Standing.BROADCAST
                        ? NotSentReason.INVALID_DESTINATION
                        : NotSentReason.NOT_PERMITTED;
            case Errno.EPERM -> NotSentReason.NOT_PERMITTED;
            case Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT -> NotSentReason.UNSUPPORTED;
            case Errno.EAGAIN, Errno.ENOBUFS, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM -> NotSentReason.OVERLOADED;
            default -> NotSentReason.OS_ERROR;
        };
    }

    private static String explanation(EchoRequest request, NotSentReason reason, String call, int errno, int mtu) {
        return switch (errno) {
            case Errno.EADDRNOTAVAIL -> noAddress(request);
            case Errno.EMSGSIZE -> mtu > 0 ? "the MTU is " + mtu : "";
            case Errno.EACCES ->
                reason == NotSentReason.INVALID_DESTINATION ? "the destination is a broadcast address" : "";
            case Errno.EPERM -> call.equals(SENDING) ? "a packet filter on this host blocked it" : DENIED;
            case Errno.ENOSYS -> DENIED;
            default -> "";
        };
    }

    /** {@return the outcome of a request that the kernel would send although no answer could come back} */
    static EchoOutcome.NotSent ofReach(EchoRequest request, Reach reach) {
        String named = "the source "
                + request.source().map(InetAddress::getHostAddress).orElse("");
        String why = switch (reach) {
            case ANOTHER_LINK -> named + OF_ANOTHER_LINK;
            case LOOPBACK -> named + LOOPBACK;
            case FOREIGN -> named + NOT_USABLE;
            case LINK_DOWN -> named + LINK_DOWN;
            case ANOTHER_INTERFACE -> "the destination is on the link of another interface than the one asked for";
            case NO_ADDRESS, BY_SOURCE -> noAddress(request);
        };
        boolean noRoute = reach == Reach.NO_ADDRESS || reach == Reach.ANOTHER_INTERFACE;
        return EchoOutcome.NotSent.because(
                noRoute ? NotSentReason.NO_ROUTE : NotSentReason.SOURCE_UNAVAILABLE,
                "not sent to " + request.destination().getHostAddress() + ": " + why);
    }

    private static String noAddress(EchoRequest request) {
        String family = request.version().text();
        return "this host has no usable " + family + " address to send from to this destination: none is set, "
                + (request.version() == IpVersion.V4
                        ? "or its interface is down"
                        : "all suitable ones are tentative or of links that are down, or IPv6 is off");
    }
}
