// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.LocalAddresses.Reach;
import dev.netecho.linux.host.LocalAddresses.Standing;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketSettings;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What this host's links and addresses mean for requests, learnt from the kernel. Not thread-safe. */
public final class HostAddresses implements AutoCloseable {
    private final Netlink netlink;
    private final LinkScopes scopes;
    private final LocalAddresses local;

    /**
     * Learns nothing yet.
     *
     * @param settings those of the sockets
     */
    public HostAddresses(SocketSettings settings) {
        this.netlink = new Netlink(settings.mark(), settings.interfaceName());
        try {
            this.scopes = new LinkScopes(netlink);
            this.local = new LocalAddresses(scopes, netlink);
        } catch (RuntimeException | Error e) {
            netlink.close();
            throw e;
        }
    }

    /**
     * Forgets what was learnt, if it may have changed; to be called before a request is looked at.
     *
     * @param nowNanos the time, of {@link System#nanoTime}
     */
    public void notice(long nowNanos) {
        if (netlink.haveChanged(nowNanos)) {
            local.forget();
            scopes.forget();
        }
    }

    /**
     * {@return the source of a request by its current numbers; null if it leaves the source to the kernel}
     *
     * @param request the request
     */
    public @Nullable SocketAddress source(EchoRequest request) {
        InetAddress source = request.source().orElse(null);
        if (source == null) {
            return null;
        }
        SocketAddress numbers = SocketAddress.of(source);
        return numbers.withScope(scopes.of(source, numbers.scopeId()));
    }

    /**
     * {@return the current index of the interface that a request goes out by; 0 for the kernel's choice}
     *
     * @param request the request
     */
    public int destinationScope(EchoRequest request) {
        return scopes.ofDestination(request);
    }

    /**
     * {@return whether the interface of a socket's source has been recreated since the bind} Not while the new
     * interface lacks the address: the request then stays, and the kernel refuses it.
     *
     * @param bound what the socket is bound to, if any
     * @param request the request
     * @param source its source by its current numbers
     */
    public boolean isOutdated(@Nullable SocketAddress bound, EchoRequest request, @Nullable SocketAddress source) {
        return LinkScopes.isRemade(bound, source) && local.of(request.source().orElseThrow()) == Standing.LOCAL;
    }

    /**
     * {@return whether answers could come back, where the kernel does not check that itself}
     *
     * @param request the request
     * @param source its source by its current numbers; null for the kernel's choice
     * @param nowNanos the time, of {@link System#nanoTime}
     */
    public Reach reach(EchoRequest request, @Nullable SocketAddress source, long nowNanos) {
        return request.version() == IpVersion.V4
                ? local.reachOfIpv4(source, request, nowNanos)
                : local.reach(source, request, nowNanos);
    }

    /**
     * {@return whether the interface of a request's source has been recreated since a socket was bound to that source}
     *
     * @param bound what the socket is bound to, if any
     * @param request the request
     */
    public boolean isRemade(@Nullable SocketAddress bound, EchoRequest request) {
        return LinkScopes.isRemade(bound, source(request));
    }

    /**
     * {@return whether a refused request is worth another try, because the interface that it names has another index
     * now}
     *
     * @param request the request
     * @param bound what the socket is bound to, if any
     * @param errno with which the request was refused
     */
    public boolean isWorthAnotherTry(EchoRequest request, @Nullable SocketAddress bound, int errno) {
        return isRemade(bound, request) || scopes.haveChanged(request, errno);
    }

    /**
     * {@return whether the kernel says that it has no route for a request}
     *
     * @param request the request
     */
    public boolean lackRoute(EchoRequest request) {
        int scope = destinationScope(request);
        SocketAddress destination = SocketAddress.of(request.destination()).withScope(scope);
        return netlink.lacksRoute(destination, source(request), scope, LocalAddresses.trafficClass(request));
    }

    /**
     * {@return whether any link of this host may have lacked its carrier since a time} Then
     * {@link #mayHaveLackedCarrier} is worth its system calls.
     *
     * @param sentNanos the time
     * @param nowNanos the time now; both of {@link System#nanoTime}
     */
    public boolean mayAnyHaveLackedCarrier(long sentNanos, long nowNanos) {
        return netlink.mayAnyHaveLackedCarrier(sentNanos, nowNanos);
    }

    /**
     * {@return whether this host may have dropped a request since it was sent, because its link had no carrier}
     *
     * @param request the request
     * @param sentNanos when it was sent, of {@link System#nanoTime}
     */
    public boolean mayHaveLackedCarrier(EchoRequest request, long sentNanos) {
        SocketAddress destination = SocketAddress.of(request.destination()).withScope(destinationScope(request));
        return netlink.mayHaveLackedCarrier(
                destination, source(request), LocalAddresses.trafficClass(request), sentNanos);
    }

    /** {@return the addresses that explain refusals} */
    public LocalAddresses local() {
        return local;
    }

    @Override
    public void close() {
        netlink.close();
    }
}
