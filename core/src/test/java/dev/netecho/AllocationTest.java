// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/** The bytes that the Javadoc, docs/scale.md and benchmarks/README.md state for each request and each reply. */
class AllocationTest {
    private static final int COUNT = 20_000;
    private static final int ROUNDS = 10;

    private static final EchoRequest REQUEST = EchoRequest.to(InetAddress.getLoopbackAddress());

    /** {@return the bytes that each of many takes, in the round with the fewest: the first ones load classes} */
    private static double bytes(Supplier<Object> maker) throws JMException {
        CompositeData option = (CompositeData)
                ask("com.sun.management:type=HotSpotDiagnostic", "getVMOption", "UseCompressedOops", String.class);
        assumeTrue("true".equals(option.get("value")), "the figures are those of compressed references");
        Object[] kept = new Object[COUNT]; // so that none is optimized away
        double fewest = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = allocated();
            for (int i = 0; i < COUNT; i++) {
                kept[i] = maker.get();
            }
            fewest = Math.min(fewest, (double) (allocated() - before) / COUNT);
        }
        assertThat(kept).doesNotContainNull();
        return fewest;
    }

    private static long allocated() throws JMException {
        return (long) ask(
                "java.lang:type=Threading",
                "getThreadAllocatedBytes",
                Thread.currentThread().getId(),
                long.class);
    }

    /** Through the MBean server, because the interfaces are not part of Java. */
    private static Object ask(String bean, String operation, Object argument, Class<?> type) throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .invoke(new ObjectName(bean), operation, new Object[] {argument}, new String[] {type.getName()});
    }

    @Test
    void aRequestTakes32Bytes() throws JMException {
        EchoListener listener = (request, outcome) -> {};
        EchoRequester requester = new OwnedRequester(FakeEngine.requester(new Silent(), ROUNDS * COUNT, null));
        assertThat(bytes(() -> requester.sendAsync(REQUEST, listener))).isBetween(1.0, 32.5);
    }

    @Test
    void aReplyTakes32Bytes() throws JMException {
        assertThat(bytes(() -> new EchoOutcome.Reply(
                        REQUEST.destination(), 1_000, 10, TimestampSource.KERNEL, 64, REQUEST.payload(), true)))
                .isBetween(1.0, 32.5);
    }

    /** Holds nothing, so that only core allocates. */
    private static final class Silent implements EchoEngine {
        @Override
        public void submit(PendingEcho pending) {
            pending.markSent();
        }

        @Override
        public void cancelled(PendingEcho pending) {
            pending.letGo();
        }

        @Override
        public boolean inEngineThread() {
            return false;
        }

        @Override
        public Set<EchoCapability> capabilities() {
            return EnumSet.allOf(EchoCapability.class);
        }

        @Override
        public void close() {}
    }
}
