// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunEventsTest {
    private static final int COUNT = 10_000;
    private static final long FOREVER = Long.MAX_VALUE;

    private final RunEvents events = new RunEvents();
    private final Target target = new Target("127.0.0.1", InetAddress.getLoopbackAddress());

    private static long allocated() throws JMException {
        return (long) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("java.lang:type=Threading"),
                        "getThreadAllocatedBytes",
                        new Object[] {Thread.currentThread().getId()},
                        new String[] {long.class.getName()});
    }

    /** A listener that threw would lose the outcome, and a run that waits for it would never end. */
    @Test
    void theEndOfAProbeAndOfARunTakesNoMemory() throws JMException {
        EchoOutcome outcome = ScriptedProvider.reply(EchoRequest.to(target.address()), 42_000);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) { // the first ones load classes
            Probe[] probes = new Probe[COUNT];
            for (int i = 0; i < COUNT; i++) {
                probes[i] = new Probe(events, i, target, 1);
            }
            long before = allocated();
            for (Probe probe : probes) {
                probe.end(outcome);
                events.wake();
            }
            fewest = Math.min(fewest, allocated() - before);
        }
        assertThat(fewest).as("bytes for %d probes", COUNT).isLessThan(COUNT);
    }

    @Test
    void eventsComeInTheirOrder() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            events.add(new RunEvent.Moved(i, target));
        }
        assertThat(events.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(events.poll(FOREVER))
                    .isNotNull()
                    .extracting(RunEvent::index)
                    .isEqualTo(i);
        }
        assertThat(events.poll(0)).isNull();
        events.add(new RunEvent.StillWaiting(7, 1));
        assertThat(events.take()).isNotNull().extracting(RunEvent::index).isEqualTo(7);
        assertThat(events.size()).isZero();
        assertThat(events.take()).isNull();
    }

    @Test
    void whoWaitsIsWoken() throws InterruptedException {
        events.wake();
        assertThat(events.poll(FOREVER)).isNull();
        for (boolean wake : new boolean[] {true, false}) {
            Thread other = new Thread(wake ? events::wake : () -> events.add(new RunEvent.Moved(1, target)));
            other.start();
            assertThat(events.poll(FOREVER) == null).isEqualTo(wake);
            other.join();
        }
    }
}
