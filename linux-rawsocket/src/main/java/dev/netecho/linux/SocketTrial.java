// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.Ipv6Addresses;
import dev.netecho.linux.host.ProcessRights;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.LibCUnavailableException;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.Availability;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens a socket of each family for a moment, to find out and to say exactly what the system allows this process. */
final class SocketTrial {
    private static final String NO_IPV6 =
            "IPv6: this host has no usable IPv6 address now (none is set, all are tentative,"
                    + " or IPv6 is switched off); requests end with NO_ROUTE until it has one";
    private static final String NO_IPV6_REMEDY =
            "none if IPv6 is not wanted; else sysctl -w net.ipv6.conf.all.disable_ipv6=0, and give an interface "
                    + "an address";

    private static final String NOT_TRIED = " could not be tried because of a shortage that may pass: ";

    private final SocketKind kind;
    private final Map<IpVersion, SystemCallException> refused = new EnumMap<>(IpVersion.class);
    private @Nullable LibCUnavailableException libc;

    private SocketTrial(SocketKind kind) {
        this.kind = kind;
    }

    static SocketTrial of(SocketKind kind) {
        SocketTrial trial = new SocketTrial(kind);
        for (IpVersion version : IpVersion.values()) {
            try {
                IcmpSocket socket = kind == SocketKind.DATAGRAM
                        ? IcmpSocket.openDatagram(version, false, null, SocketSettings.DEFAULT)
                        : IcmpSocket.openRaw(version, 0, null, SocketSettings.DEFAULT);
                socket.close();
            } catch (SystemCallException e) {
                trial.refused.put(version, e);
            } catch (LibCUnavailableException e) {
                trial.libc = e;
            }
        }
        return trial;
    }

    /** {@return what a trial says now} */
    static Availability availability(SocketKind kind) {
        try {
            return of(kind).availability();
        } catch (OutOfMemoryError e) { // JNA is loaded on a thread of its own
            return Availability.withoutThread(e);
        }
    }

    /** The exception for an engine whose thread could not be started; throws any other lack of memory. */
    static EchoUnavailableException refused(OutOfMemoryError thrown) {
        Availability refused = Availability.withoutThread(thrown);
        EchoUnavailableException e = new EchoUnavailableException(refused.why() + "\n    remedy: " + refused.remedy());
        e.initCause(thrown);
        return e;
    }

    private Availability availability() {
        return libc != null ? libc.availability() : ofSockets().through(LibC.bindingTitle());
    }

    private Availability ofSockets() {
        if (refused.isEmpty()) {
            return Ipv6Addresses.supply() == Ipv6Addresses.Supply.USABLE
                    ? Availability.available()
                    : Availability.availableBut(NO_IPV6, NO_IPV6_REMEDY);
        }
        if (refused.size() < IpVersion.values().length) {
            boolean mayPass =
                    Errno.isShortage(refused.values().iterator().next().errno());
            return Availability.availableBut(mayPass ? attempts(NOT_TRIED) : "without " + attempts(": "), remedy());
        }
        boolean shortage = refused.values().stream().allMatch(e -> Errno.isShortage(e.errno()));
        return Availability.unavailable(attempts(": ") + rights(shortage), remedy(), refused.get(IpVersion.V4));
    }

    /** The exception for an engine that could not be opened, although an earlier trial may have succeeded. */
    static EchoUnavailableException refused(SocketKind kind, SystemCallException failure) {
        SocketTrial trial = of(kind);
        String now = trial.refused.isEmpty() ? "" : "; " + trial.attempts(": ");
        EchoUnavailableException e = new EchoUnavailableException(failure.getMessage() + now
                + rights(Errno.isShortage(failure.errno())) + "\n    remedy: " + trial.remedyFor(failure));
        e.initCause(failure);
        return e;
    }

    private static String rights(boolean shortage) {
        return shortage ? "" : "; " + ProcessRights.describe();
    }

    private String attempts(String verb) {
        return refused.entrySet().stream()
                .map(e -> (e.getKey() == IpVersion.V4 ? "IPv4" : "IPv6")
                        + verb
                        + e.getValue().getMessage())
                .collect(Collectors.joining("; "));
    }

    private String remedy() {
        return remedyFor(refused.values().iterator().next());
    }

    private String remedyFor(SystemCallException failure) {
        return switch (failure.errno()) {
            case Errno.EACCES, Errno.EPERM, Errno.ENOSYS -> ProcessRights.remedyForDenial(kind, failure);
            case Errno.EAFNOSUPPORT, Errno.EPROTONOSUPPORT, Errno.ESOCKTNOSUPPORT ->
                (ProcessRights.hasFilter()
                                ? "a system-call filter (seccomp) is active in this process: list AF_INET and "
                                        + "AF_INET6 in"
                                        + " RestrictAddressFamilies= of the systemd unit; or "
                                : "")
                        + "the kernel has no such sockets; for IPv6 boot without ipv6.disable=1";
            case Errno.EMFILE -> "raise the limit of open files of this process (ulimit -n)";
            case Errno.ENFILE -> "raise the limit of open files of this host (sysctl fs.file-max)";
            case Errno.ENOMEM, Errno.ENOBUFS -> "free memory: the kernel has none for this call now";
            case Errno.ENODEV -> "name an existing interface (ip link)";
            default ->
                "see "
                        + (isOpening(failure)
                                ? kind == SocketKind.DATAGRAM ? "icmp(7)" : "raw(7)"
                                : failure.function() + "(2)")
                        + " for this error";
        };
    }

    private static boolean isOpening(SystemCallException failure) {
        return failure.function().equals("socket");
    }
}
