// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.SplittableRandom;

/** One target of the simulated fleet: what its host does, and what its agent thinks of it. */
final class FleetTarget implements EchoListener {
    /** As many silent polls in a row are an alarm; one lost packet is none. */
    static final int POLLS_TO_ALARM = 3;

    static final long NEVER = Long.MAX_VALUE;

    private static final double SHARE_THAT_FAILS = 0.01;
    private static final double SHARE_LOST = 0.005;
    private static final int BYTE = 0xff;

    final EchoRequest request;
    final long roundTripMillis;

    /** When the host goes down for good, in seconds; {@link #NEVER} for most. */
    final long downAtSeconds;

    private final SplittableRandom path;
    private final FleetAgent agent;
    private int silentPolls;

    /** When the alarm was given, in seconds. */
    long alarmAtSeconds = NEVER;

    /** All that happens to a target follows from its number, so that a run can be repeated. */
    FleetTarget(int number, long seconds, FleetAgent agent) {
        this.agent = agent;
        this.path = new SplittableRandom(number);
        this.request = EchoRequest.newBuilder(address(number))
                .timeout(Duration.ofSeconds(1))
                .build();
        this.roundTripMillis = path.nextLong(1, 200);
        this.downAtSeconds = path.nextDouble() < SHARE_THAT_FAILS ? path.nextLong(seconds) : NEVER;
    }

    /** {@return a target's address, in 10.0.0.0/8: nothing is sent in a simulation} */
    static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16 & BYTE), (byte) (number >> 8 & BYTE), (byte) (number & BYTE)});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }

    /** {@return whether the host answers a request that reaches it now; the path loses some at random} */
    boolean answers(long nowSeconds) {
        return nowSeconds < downAtSeconds && path.nextDouble() >= SHARE_LOST;
    }

    @Override
    public void onOutcome(EchoRequest unused, EchoOutcome outcome) {
        agent.completed(outcome);
        silentPolls = outcome.isReply() ? 0 : silentPolls + 1;
        if (silentPolls == POLLS_TO_ALARM && alarmAtSeconds == NEVER) {
            alarmAtSeconds = agent.nowSeconds();
        }
    }
}
