// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Backends that break the rules PRO-1 to PRO-4. */
final class BrokenProviders {
    private BrokenProviders() {}

    static List<Defect> defects() {
        return List.of(
                new Defect("PRO-1", "has a name that META-INF/services does not lead to", () -> new BrokenHarness() {
                    @Override
                    public EchoRequesterProvider newProvider() {
                        return new Provider() {
                            @Override
                            public String name() {
                                return "simulated-fast";
                            }
                        };
                    }
                }),
                Defect.ofRequester("PRO-1", "names itself after its engine", Misnamed::new),
                new Defect("PRO-2", "starts a thread when it is constructed", ThreadHarness::new),
                new Defect(
                        "PRO-3",
                        "knows no remedy",
                        () -> unavailable(
                                () -> Availability.unavailable("socket(2): operation not permitted", "", null))),
                new Defect(
                        "PRO-3",
                        "does not say why",
                        () -> unavailable(
                                () -> Availability.unavailable("EPERM", "run it as root, or set CAP_NET_RAW", null))),
                new Defect(
                        "PRO-3",
                        "throws where it should say why it cannot run",
                        () -> unavailable(() -> {
                            throw new IllegalStateException("socket(2): operation not permitted");
                        })),
                new Defect("PRO-3", "names a shortcoming and no remedy", () -> new BrokenHarness() {
                    @Override
                    public EchoRequesterProvider newProvider() {
                        return new Provider() {
                            @Override
                            public Availability availability() {
                                return Availability.availableBut("the simulated host has no wire", "");
                            }
                        };
                    }
                }),
                Defect.around("PRO-4", "does without both families when one is missing", BothOrNone::new),
                new Defect("PRO-4", "does not open when a family is missing", () -> new BrokenHarness() {
                    @Override
                    public EchoRequesterProvider newProvider() {
                        return new Provider() {
                            @Override
                            public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
                                EchoEngine engine = super.open(config);
                                if (engine.capabilities()
                                        .containsAll(EnumSet.of(EchoCapability.IPV4, EchoCapability.IPV6))) {
                                    return engine;
                                }
                                engine.close();
                                throw new EchoUnavailableException("socket(2): address family not supported");
                            }
                        };
                    }
                }));
    }

    private static final class Misnamed extends ForwardingRequester {
        Misnamed(EchoRequester inner) {
            super(inner);
        }

        @Override
        public String provider() {
            return SimulatedEngine.class.getSimpleName();
        }
    }

    private static final class ThreadHarness extends BrokenHarness {
        private final Queue<CountDownLatch> started = new ConcurrentLinkedQueue<>();

        @Override
        public EchoRequesterProvider newProvider() {
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(
                    () -> {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "watches the interfaces");
            thread.setDaemon(true);
            thread.start();
            started.add(end);
            return super.newProvider();
        }

        @Override
        public void reset() {
            dispose();
            super.reset();
        }

        @Override
        void dispose() {
            for (CountDownLatch each = started.poll(); each != null; each = started.poll()) {
                each.countDown();
            }
        }
    }

    private static BrokenHarness unavailable(Supplier<Availability> answer) {
        return new BrokenHarness() {
            @Override
            public EchoRequesterProvider unavailableProvider() {
                return new Provider() {
                    @Override
                    public Availability availability() {
                        return answer.get();
                    }
                };
            }
        };
    }

    private static final class BothOrNone extends ForwardingEngine {
        BothOrNone(EchoEngine engine, SimulatedNetwork network, EchoCounters counters) {
            super(engine);
        }

        @Override
        public Set<EchoCapability> capabilities() {
            Set<EchoCapability> families = EnumSet.of(EchoCapability.IPV4, EchoCapability.IPV6);
            EnumSet<EchoCapability> claimed = EnumSet.copyOf(super.capabilities());
            if (!claimed.containsAll(families)) {
                claimed.removeAll(families);
            }
            return claimed;
        }
    }
}
