// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} finds about one provider.
 *
 * @param name the provider's name
 * @param priority its priority
 * @param opened whether a requester could be opened with it
 * @param why why not, or what is restricted; empty if there is nothing to say
 * @param remedy what to type; empty if nothing
 * @param binding what it calls the system through; empty if unknown
 * @param capabilities what it can do; empty if it was not opened
 * @param selfTests one per family; empty if it was not opened
 */
record Diagnosis(
        String name,
        int priority,
        boolean opened,
        String why,
        String remedy,
        String binding,
        Set<EchoCapability> capabilities,
        List<SelfTest> selfTests) {
    private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static final OutcomeText DETAILS = new OutcomeText(true, false, false);

    /** One echo to a loopback address. */
    record SelfTest(Target target, EchoOutcome outcome) {}

    static Diagnosis of(EchoRequesterProvider provider) throws InterruptedException {
        String name = provider.getClass().getName();
        int priority = -1;
        try {
            name = provider.name();
            priority = provider.priority();
            Availability availability = provider.availability();
            if (!availability.isAvailable()) {
                return unusable(name, priority, availability.why(), availability.remedy(), availability.binding());
            }
            try (EchoRequester requester =
                    EchoRequester.newBuilder().provider(provider).open()) {
                return new Diagnosis(
                        name,
                        priority,
                        true,
                        availability.why(),
                        availability.remedy(),
                        availability.binding(),
                        requester.capabilities(),
                        List.of(test(requester, LOOPBACK_IPV4), test(requester, LOOPBACK_IPV6)));
            }
        } catch (EchoUnavailableException e) {
            return unusable(name, priority, String.valueOf(e.getMessage()), "", "");
        } catch (RuntimeException | LinkageError e) {
            Availability broken = Availability.thrown(e);
            return unusable(name, priority, broken.why(), broken.remedy(), broken.binding());
        }
    }

    private static Diagnosis unusable(String name, int priority, String why, String remedy, String binding) {
        return new Diagnosis(name, priority, false, why, remedy, binding, Set.of(), List.of());
    }

    private static SelfTest test(EchoRequester requester, byte[] loopback) throws InterruptedException {
        InetAddress address;
        try {
            address = InetAddress.getByAddress(loopback);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 bytes is never unknown", e);
        }
        return new SelfTest(new Target(AddressText.of(address), address), requester.send(EchoRequest.to(address)));
    }

    /** {@return whether it was opened and got a reply} */
    boolean works() {
        return selfTests.stream().anyMatch(test -> test.outcome().isReply());
    }

    JsonLine json(boolean chosen) {
        List<JsonLine> tests = new ArrayList<>();
        for (SelfTest test : selfTests) {
            JsonLine line = new JsonLine().put("target", test.target().text());
            JsonReport.describe(line, test.target(), test.outcome());
            tests.add(line);
        }
        return JsonLine.ofType("provider")
                .put("name", name)
                .put("priority", priority)
                .put("available", opened)
                .put("chosen", chosen)
                .put("why", orNull(why))
                .put("remedy", orNull(remedy))
                .put("binding", orNull(binding))
                .put("capabilities", capabilityNames())
                .putObjects("self_test", tests);
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private List<String> capabilityNames() {
        return capabilities.stream().sorted().map(JsonReport::lowerCase).toList();
    }

    String text(boolean chosen) {
        StringBuilder text = new StringBuilder(name)
                .append(": ")
                .append(opened ? "available" : "unavailable")
                .append(chosen ? ", used unless another is named" : "");
        indented(text, "why", why);
        indented(text, "remedy", remedy);
        indented(text, "system calls through", binding);
        if (opened) {
            indented(text, "capabilities", String.join(", ", capabilityNames()));
            for (SelfTest test : selfTests) {
                indented(text, "self-test", test.target().text() + ": " + DETAILS.of(test.target(), 1, test.outcome()));
            }
        }
        return text.toString();
    }

    static void indented(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append("\n  ").append(label).append(": ").append(value.strip().replace("\n", "\n    "));
        }
    }
}
