// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequester;
import dev.netecho.linux.host.ProcessRights;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.LabHarness;
import dev.netecho.testkit.Limit;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the Linux backends claim, and what the lab cannot show of them. */
final class LinuxHarness extends LabHarness {
    private static final Path PING_GROUP_RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");
    private static final int SMALL_BUFFER = 4_096;

    private final EngineVariant variant;

    /** The thread of its loop is there before anything is counted. */
    private final @Nullable IoEventLoopGroup lent;

    private String rangeBefore = "";

    LinuxHarness(EngineVariant variant, boolean onLentLoop) {
        this.variant = variant;
        this.lent = onLentLoop
                ? new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("lent", true), EpollIoHandler.newFactory())
                : null;
        if (lent != null) {
            lent.submit(() -> {}).syncUninterruptibly();
        }
    }

    @Override
    public EchoRequesterProvider newProvider() {
        return variant.provider();
    }

    @Override
    public EchoRequester.Builder newBuilder() {
        EchoRequester.Builder builder = super.newBuilder();
        return lent == null ? builder : builder.option(NettyOptions.EVENT_LOOP_GROUP, lent);
    }

    @Override
    public Map<Limit, String> limits() {
        Map<Limit, String> limits = new EnumMap<>(Map.of(
                Limit.NO_FULL_QUEUE, "the lab's interface takes every packet; FullQueueTest fills a real one",
                Limit.NO_MISSING_FAMILY, "the lab has both families; MissingFamilyTest takes one away",
                Limit.NOTHING_UNSUPPORTED, "Linux can do all that core can ask for"));
        if ("user".equals(System.getProperty("netecho.test.namespace"))) {
            limits.put(
                    Limit.NO_UNAVAILABLE_HOST,
                    "a user namespace of one group refuses every range but that group; PermissionMatrixTest "
                            + "closes it as root");
        }
        if (variant == EngineVariant.RAW) {
            limits.put(Limit.NO_UNAVAILABLE_HOST, "this process has CAP_NET_RAW; PermissionMatrixTest drops it");
        } else {
            limits.put(
                    Limit.SOME_IPV4_ERRORS_HIDDEN,
                    "the kernel does not deliver 11/1, nor codes above 3/15, to datagram sockets (icmp(7), "
                            + "IP_RECVERR)");
            limits.put(
                    Limit.SYSTEM_CHOOSES_IDENTIFIER,
                    "the identifier of a datagram socket is its port, which bind(2) chooses");
        }
        return limits;
    }

    @Override
    public Set<EchoCapability> capabilities() {
        EnumSet<EchoCapability> all = EnumSet.allOf(EchoCapability.class);
        if (variant == EngineVariant.DATAGRAM && isOlderThan(5, 18)) {
            all.removeAll(Set.of(EchoCapability.HOP_LIMIT_IPV6, EchoCapability.TRAFFIC_CLASS_IPV6));
        }
        if (variant == EngineVariant.DATAGRAM && isOlderThan(5, 9)) {
            all.remove(EchoCapability.ERROR_EXTENSIONS);
        }
        if (!ProcessRights.hasCapability(ProcessRights.CAP_NET_ADMIN)
                && (isOlderThan(5, 17) || !ProcessRights.hasCapability(ProcessRights.CAP_NET_RAW))) {
            all.remove(EchoCapability.MARK);
        }
        return all;
    }

    private static boolean isOlderThan(int major, int minor) {
        String[] release = System.getProperty("os.version").split("[^0-9]+", 3);
        int here = Integer.parseInt(release[0]);
        return here < major || (here == major && Integer.parseInt(release[1]) < minor);
    }

    /** A tenth in the machines of {@code platforms/run}: an emulated processor is some ten times slower. */
    @Override
    public int bulk(int usual) {
        return usual / Integer.getInteger("netecho.contract.divisor", 1);
    }

    @Override
    public Map<String, Long> resources() {
        return Map.of("bytes of native memory", NativeMemory.liveBytes());
    }

    @Override
    public EchoRequester.Builder withSmallReceiveBuffer(EchoRequester.Builder builder) {
        return builder.option(LinuxOptions.RECEIVE_BUFFER, SMALL_BUFFER);
    }

    @Override
    public Runnable lendLoop(EchoRequester.Builder builder) {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        builder.option(NettyOptions.EVENT_LOOP_GROUP, group);
        return () -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    @Override
    public EchoRequesterProvider unavailableProvider() {
        try {
            rangeBefore = Files.readAllLines(PING_GROUP_RANGE).get(0);
            Files.writeString(PING_GROUP_RANGE, "1 0");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + PING_GROUP_RANGE, e);
        }
        return newProvider();
    }

    @Override
    public void reset() {
        if (!rangeBefore.isEmpty()) {
            try {
                Files.writeString(PING_GROUP_RANGE, rangeBefore);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot open " + PING_GROUP_RANGE, e);
            }
            rangeBefore = "";
        }
        super.reset();
    }
}
