// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.wire.EchoPacket;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Backends that break the rules REQ-1 to REQ-6. */
final class BrokenRequests {
    private static final int LARGE = 1 << 14;

    private BrokenRequests() {}

    static List<Defect> defects() {
        return List.of(
                Defect.around(
                        "REQ-1", "a hop limit sticks to the socket, and later requests leave with it", Sticky::new),
                Defect.around(
                        "REQ-1",
                        "the hop limit is a signed byte",
                        asking(options -> options.hopLimit().isPresent()
                                ? options.withHopLimit(
                                        Math.max(1, options.hopLimit().getAsInt() & 0x7f))
                                : options)),
                Defect.around("REQ-1", "the traffic class is ignored", asking(options -> options.withTrafficClass(0))),
                sending(
                        "don't-fragment is checked against the interface, but not put into the packet",
                        (sent, packet) -> {
                            EchoPacket echo = sent.packet();
                            return new PacketBuilder(echo.version(), echo.source(), echo.destination())
                                    .hopLimit(echo.hopLimit())
                                    .trafficClass(echo.trafficClass())
                                    .type(echo.version().echoRequestType())
                                    .echo(echo.identifier(), echo.sequence())
                                    .body(echo.data())
                                    .build();
                        }),
                Defect.around("REQ-1", "the source is ignored", Sourceless::new),
                new Defect("REQ-1", "the interface is ignored", () -> new BrokenHarness(Anywhere::new) {
                    @Override
                    public Set<EchoCapability> capabilities() {
                        EnumSet<EchoCapability> more = EnumSet.copyOf(super.capabilities());
                        more.add(EchoCapability.INTERFACE);
                        return more;
                    }

                    @Override
                    public Set<EchoCapability> unconditional() {
                        return EnumSet.of(EchoCapability.INTERFACE);
                    }
                }),
                sending("a payload above 16 KiB is cut", (sent, packet) -> {
                    byte[] data = sent.packet().data();
                    return data.length <= LARGE ? packet : Wire.withData(sent.packet(), Arrays.copyOf(data, LARGE));
                }),
                sending("the checksum is left out for odd lengths", (sent, packet) -> {
                    if (packet.length % 2 != 0) {
                        ByteBuffer.wrap(packet).putShort(sent.packet().icmp() + IcmpEcho.CHECKSUM_OFFSET, (short) 0);
                    }
                    return packet;
                }),
                Defect.ofWire("REQ-1", "sends other bytes, and says that the given ones came back", Scrambling::new),
                Defect.around("REQ-2", "claims what it cannot do", Boaster::new),
                Defect.ofRequester("REQ-2", "leaves out what it cannot do, and sends the rest", Shrugging::new),
                new Defect("REQ-2", "refuses what it cannot do, and sends the rest all the same", SendingHarness::new),
                new Defect("REQ-2", "can do what its harness does not say", () -> new BrokenHarness() {
                    @Override
                    public Set<EchoCapability> capabilities() {
                        EnumSet<EchoCapability> less = EnumSet.copyOf(super.capabilities());
                        less.remove(EchoCapability.TRAFFIC_CLASS_IPV4);
                        return less;
                    }
                }),
                Defect.ofRequester("REQ-3", "overlooks that there is no listener", Careless::new),
                Defect.ofRequester("REQ-3", "milliseconds of the timeout are an int", Overflowing::new),
                Defect.ofRequester("REQ-4", "leaves out a scope that the destination does not have", Unscoping::new),
                Defect.ofRequester(
                        "REQ-4", "asks itself when the destination is unspecified, as Linux does", Itself::new),
                Defect.around("REQ-5", "binds the socket for good when a request names its source", Bound::new),
                Defect.around("REQ-5", "takes its own addresses in turn where no source is asked for", InTurn::new),
                Defect.ofWire("REQ-6", "asks again when no answer has come after 280 ms", Impatient::new),
                Defect.around("REQ-6", "tries a port of UDP when nobody answers", Knocking::new),
                Defect.ofRequester(
                        "REQ-7", "takes the destination's link for that of a source without a scope", OnLink::new));
    }

    private interface Packets {
        byte[] instead(Wire.Sent sent, byte[] packet);
    }

    private static Defect sending(String does, Packets packets) {
        return Defect.ofWire("REQ-1", does, (network, counters) -> new Wire(network, counters) {
            @Override
            byte[] out(Sent sent, byte[] packet) {
                return packets.instead(sent, packet);
            }
        });
    }

    private static BrokenHarness.EngineWrapper asking(UnaryOperator<EchoOptions> change) {
        return (engine, network, counters) -> new ForwardingEngine(engine) {
            @Override
            EchoRequest instead(EchoRequest request) {
                return copy(request).options(change.apply(request.options())).build();
            }
        };
    }

    private static EchoRequest.Builder copy(EchoRequest request) {
        EchoRequest.Builder copy = EchoRequest.newBuilder(request.destination())
                .payload(request.payload())
                .options(request.options())
                .timeout(request.timeout());
        request.source().ifPresent(copy::source);
        return copy;
    }

    private static EchoRequest.Builder copyTo(InetAddress destination, EchoRequest request) {
        return EchoRequest.newBuilder(destination)
                .payload(request.payload())
                .options(request.options())
                .timeout(request.timeout());
    }

    private static final class Sticky extends ForwardingEngine {
        private OptionalInt last = OptionalInt.empty();

        Sticky(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            EchoOptions options = request.options();
            if (options.hopLimit().isPresent()) {
                last = options.hopLimit();
            } else if (last.isPresent()) {
                options = options.withHopLimit(last.getAsInt());
            }
            return copy(request).options(options).build();
        }
    }

    private static final class Sourceless extends ForwardingEngine {
        private final SimulatedNetwork network;

        Sourceless(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.network = network;
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            return request.source().map(network::isOwn).orElse(false)
                    ? copyTo(request.destination(), request).build()
                    : request;
        }
    }

    /** Turns the bytes after the token around, before sending and before the engine compares. */
    private static final class Scrambling extends Wire {
        Scrambling(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        byte[] out(Sent sent, byte[] packet) {
            return withData(sent.packet(), turned(sent.packet().data()));
        }

        @Override
        byte[] back(Answer answer, byte[] packet, long nanos) {
            return answer.isReply() ? answer.withData(turned(answer.data())) : packet;
        }

        private static byte[] turned(byte[] data) {
            for (int i = Long.BYTES; i < data.length; i++) {
                data[i] ^= 0x5a;
            }
            return data;
        }
    }

    private static final class Anywhere extends ForwardingEngine {
        Anywhere(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public Set<EchoCapability> capabilities() {
            EnumSet<EchoCapability> claimed = EnumSet.copyOf(super.capabilities());
            claimed.add(EchoCapability.INTERFACE);
            return claimed;
        }
    }

    private static final class Boaster extends ForwardingEngine {
        Boaster(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public Set<EchoCapability> capabilities() {
            EnumSet<EchoCapability> claimed = EnumSet.allOf(EchoCapability.class);
            claimed.removeAll(EnumSet.of(EchoCapability.INTERFACE, EchoCapability.MARK));
            claimed.removeIf(
                    each -> each == EchoCapability.IPV4 && !super.capabilities().contains(each));
            claimed.removeIf(
                    each -> each == EchoCapability.IPV6 && !super.capabilities().contains(each));
            return claimed;
        }
    }

    private static final class Shrugging extends ForwardingRequester {
        Shrugging(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            EchoOptions given = request.options();
            EchoOptions kept = EchoOptions.DEFAULT;
            if (given.hopLimit().isPresent() && capabilities().contains(hopLimit(request))) {
                kept = kept.withHopLimit(given.hopLimit().getAsInt());
            }
            if (given.trafficClass().isPresent() && capabilities().contains(trafficClass(request))) {
                kept = kept.withTrafficClass(given.trafficClass().getAsInt());
            }
            EchoCapability whole = request.destination() instanceof Inet4Address
                    ? EchoCapability.DONT_FRAGMENT_IPV4
                    : EchoCapability.DONT_FRAGMENT_IPV6;
            kept = kept.withDontFragment(given.dontFragment() && capabilities().contains(whole));
            EchoRequest.Builder copy = copyTo(request.destination(), request).options(kept);
            if (capabilities().contains(EchoCapability.SOURCE_ADDRESS)) {
                request.source().ifPresent(copy::source);
            }
            return copy.build();
        }
    }

    private static EchoCapability hopLimit(EchoRequest request) {
        return request.version() == IpVersion.V4 ? EchoCapability.HOP_LIMIT_IPV4 : EchoCapability.HOP_LIMIT_IPV6;
    }

    private static EchoCapability trafficClass(EchoRequest request) {
        return request.version() == IpVersion.V4
                ? EchoCapability.TRAFFIC_CLASS_IPV4
                : EchoCapability.TRAFFIC_CLASS_IPV6;
    }

    /** What is refused leaves by a second requester, which tells nobody. */
    private static final class SendingHarness extends BrokenHarness {
        @Override
        public EchoRequester open(EchoRequester.Builder builder) throws EchoUnavailableException {
            EchoRequester second = super.open(newBuilder());
            return new ForwardingRequester(super.open(builder)) {
                @Override
                public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
                    if (request != null && listener != null && !canDo(request)) {
                        second.sendAsync(
                                copyTo(request.destination(), request)
                                        .options(EchoOptions.DEFAULT)
                                        .build(),
                                (asked, outcome) -> {});
                    }
                    return super.sendAsync(request, listener);
                }

                private boolean canDo(EchoRequest request) {
                    EchoOptions options = request.options();
                    EchoCapability whole = request.destination() instanceof Inet4Address
                            ? EchoCapability.DONT_FRAGMENT_IPV4
                            : EchoCapability.DONT_FRAGMENT_IPV6;
                    return (request.source().isEmpty() || capabilities().contains(EchoCapability.SOURCE_ADDRESS))
                            && (options.hopLimit().isEmpty() || capabilities().contains(hopLimit(request)))
                            && (options.trafficClass().isEmpty()
                                    || capabilities().contains(trafficClass(request)))
                            && (!options.dontFragment() || capabilities().contains(whole));
                }

                @Override
                public void close() {
                    second.close();
                    super.close();
                }
            };
        }
    }

    private static final class Careless extends ForwardingRequester {
        Careless(EchoRequester inner) {
            super(inner);
        }

        @Override
        public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
            if (listener != null) {
                return super.sendAsync(request, listener);
            }
            return () -> false;
        }
    }

    private static final class Overflowing extends ForwardingRequester {
        Overflowing(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            long millis = request.timeout().toMillis();
            return millis == (int) millis
                    ? request
                    : copy(request).timeout(Duration.ofMillis(1)).build();
        }
    }

    private static final class Itself extends ForwardingRequester {
        Itself(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            InetAddress destination = request.destination();
            if (!destination.isAnyLocalAddress()) {
                return request;
            }
            boolean four = destination instanceof Inet4Address;
            return copyTo(four ? LabPlan.AT_ONCE.ipv4(1) : LabPlan.AT_ONCE.ipv6(1), request)
                    .build();
        }
    }

    private static final class OnLink extends ForwardingRequester {
        OnLink(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            boolean linkLocal =
                    request.source().map(InetAddress::isLinkLocalAddress).orElse(false);
            return linkLocal ? copyTo(request.destination(), request).build() : request;
        }
    }

    /** As the kernel does. */
    private static final class Unscoping extends ForwardingRequester {
        Unscoping(EchoRequester inner) {
            super(inner);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            if (!(request.destination() instanceof Inet6Address six)
                    || six.isLinkLocalAddress()
                    || six.getScopeId() == 0) {
                return request;
            }
            try {
                return copyTo(InetAddress.getByAddress(six.getAddress()), request)
                        .build();
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class Bound extends ForwardingEngine {
        private final SimulatedNetwork network;
        private Optional<InetAddress> ipv4 = Optional.empty();
        private Optional<InetAddress> ipv6 = Optional.empty();

        Bound(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.network = network;
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            boolean four = request.destination() instanceof Inet4Address;
            Optional<InetAddress> source = request.source().or(() -> four ? ipv4 : ipv6);
            if (!source.map(network::isOwn).orElse(false)) {
                return request;
            }
            if (four) {
                ipv4 = source;
            } else {
                ipv6 = source;
            }
            EchoRequest.Builder copy = copy(request);
            source.ifPresent(copy::source);
            return copy.build();
        }
    }

    private static final class InTurn extends ForwardingEngine {
        private int turn;

        InTurn(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        EchoRequest instead(EchoRequest request) {
            EchoRequest.Builder copy = copy(request);
            if (request.source().isEmpty()) {
                int next = 1 + turn++ % Lab.SOURCES;
                boolean four = request.destination() instanceof Inet4Address;
                copy.source(four ? Lab.ipv4Source(next) : Lab.ipv6Source(next));
            }
            return copy.build();
        }
    }

    private static final class Knocking extends ForwardingEngine {
        private static final int UDP = 17;
        private static final int IPV4_PROTOCOL = 9;
        private static final int IPV6_NEXT_HEADER = 6;

        private final SimulatedNetwork network;

        Knocking(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
            this.network = network;
        }

        @Override
        EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
            if (outcome instanceof EchoOutcome.TimedOut) {
                EchoRequest request = pending.request();
                IpVersion version = request.version();
                byte[] packet = new PacketBuilder(
                                version,
                                network.source(request),
                                request.destination().getAddress())
                        .type(version.echoRequestType())
                        .body(new byte[8])
                        .build();
                packet[version == IpVersion.V4 ? IPV4_PROTOCOL : IPV6_NEXT_HEADER] = UDP;
                network.behind().receive(packet, network.mtu(), network.clock().nanoTime(), (nanos, answer) -> {});
            }
            return outcome;
        }
    }

    private static final class Impatient extends Wire {
        private static final long PATIENCE_NANOS = Duration.ofMillis(280).toNanos();

        Impatient(SimulatedNetwork network, EchoCounters counters) {
            super(network, counters);
        }

        @Override
        void afterwards(Sent sent, byte[] packet, PacketSink engine) {
            clock.deadline(sent.nanos() + PATIENCE_NANOS, () -> {
                if (!sent.pending().isDone()) {
                    network.behind().receive(packet, network.mtu(), clock.nanoTime(), engine);
                }
            });
        }
    }
}
