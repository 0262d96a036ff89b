// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.LabUnavailableException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Run by a test in a namespace of its own: asks many hosts of the lab at once, without pacing, and counts the outcomes.
 */
final class ManyHostsProgram {
    private ManyHostsProgram() {}

    /** {@code arguments} are an {@link EngineVariant}, whether to use IPv6, and how many hosts. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean ipv6 = Boolean.parseBoolean(arguments[1]);
        int hosts = Integer.parseInt(arguments[2]);
        try (Lab lab = Lab.start();
                EchoRequester requester = EngineVariant.valueOf(arguments[0])
                        .builder()
                        .option(LinuxOptions.RECEIVE_BUFFER, 212_992)
                        .open()) {
            Map<String, Integer> outcomes = new TreeMap<>();
            CountDownLatch left = new CountDownLatch(hosts);
            for (int i = 0; i < hosts; i++) {
                EchoRequest request = EchoRequest.newBuilder(
                                ipv6 ? LabPlan.MANY_AT_20_MS.ipv6(i) : LabPlan.MANY_AT_20_MS.ipv4(i))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                requester.sendAsync(request, (asked, outcome) -> {
                    outcomes.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
                    left.countDown();
                });
            }
            boolean all = left.await(40, TimeUnit.SECONDS);
            out.println((all ? "all " : "not all ") + outcomes + ", dropped "
                    + requester.statistics().droppedLocally().orElse(-1) + ", refused by the lab's interface "
                    + lab.refusedAnswers());
        } catch (LabUnavailableException e) {
            out.println("no lab: " + e.getMessage());
        }
    }

    /** {@return what it prints when every host was heard} */
    static String everyHost(int hosts) {
        return "all {" + EchoOutcome.Reply.class.getSimpleName() + "=" + hosts
                + "}, dropped 0, refused by the lab's interface 0";
    }
}
