// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract is tested too: whoever breaks a rule fails its tests, and no others. Neither the JDK nor the user
 * matters.
 */
@Tag("once")
class BrokenBackendsTest {
    private static final Path SPEC = Path.of("..", "SPEC.md");

    /** The rule about requesters that are dropped. */
    private static final String DROPPED = "END-6";

    /**
     * Rule, test, family if the test has one, and what was found; what is left behind is looked for after the last
     * test.
     */
    private static final String SENTENCE =
            "(?s)\\[([A-Z]+-\\d+)] " + "((in the test )?[A-Z]+-\\d+ [^:]{10,}: .{10,}|was not released: \\{.{10,}\\})";

    private static final Map<String, List<HarnessedContract.Failure>> FAILURES = new HashMap<>();

    static List<Defect> defects() {
        return Stream.of(
                        BrokenRequests.defects(),
                        BrokenOutcomes.defects(),
                        BrokenMatching.defects(),
                        BrokenIcmpErrors.defects(),
                        BrokenTime.defects(),
                        BrokenLoad.defects(),
                        BrokenEnd.defects(),
                        BrokenProviders.defects())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void aBrokenBackendFailsItsRuleAndNoOther(Defect defect) {
        List<HarnessedContract.Failure> failures = failures(defect);
        assertThat(failures)
                .as("the failures of a backend that %s", defect.does())
                .isNotEmpty();
        assertThat(failures)
                .as("the failures of a backend that %s, all under %s", defect.does(), defect.rule())
                .allSatisfy(failure -> {
                    assertThat(failure.rule()).as(failure.message()).isEqualTo(defect.rule());
                    assertThat(failure.message()).matches(SENTENCE);
                });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    REQ-1  | the traffic class is ignored | [REQ-1] REQ-1 the traffic class is on the wire, IPv4: the traffic class on the wire is 0, not 184
                    REQ-6  | asks again when no answer has come after 280 ms | [REQ-6] REQ-6 no request is sent twice, IPv6: expected a time-out, but got Reply[responder=/2001:2:0:0:0:18:8:1
                    OUT-1  | forgets deadlines that are more than half a second away | [OUT-1] in the test LOAD-1 a request above the bound is refused at once, IPv4: 16 of 16 requests have no outcome after PT21S
                    OUT-6  | counts an ICMP error twice | [OUT-6] OUT-6 every outcome is counted once, IPv4: requests sent is 200, not 150
                    OUT-7  | warns of the first time-out of each requester | [OUT-7] in the test TIM-5 a short timeout is one, IPv6: was logged: [Line[logger=dev.netecho.testkit.simulated.BrokenOutcomes, level=WARN, text=EchoRequest[destination=2001:2:0:0:0:18:2:12
                    ERR-1  | keeps the next-hop MTU to itself | [ERR-1] ERR-1 the next hop mtu is the routers, IPv6: the next-hop MTU is OptionalInt.empty, not OptionalInt[1400]
                    MAT-4  | does not count duplicates | [MAT-4] MAT-4 further replies are duplicates, IPv4: the counter of DUPLICATE is OptionalLong[0], not OptionalLong[3]
                    TIM-2  | rounds timeouts up to ticks of 16 ms | [TIM-2] TIM-2 a time out comes at its deadline and never before, IPv4: a time-out of PT0.01S came only after PT0.016S
                    LOAD-1 | knows no bound | [LOAD-1] LOAD-1 a request above the bound is refused at once, IPv4: the request above the bound ends at once, but it did not
                    END-2  | leaves a thread behind when a listener closes | [END-2] was not released: {engine threads=0 before, 2 after}
                    PRO-3  | knows no remedy | [PRO-3] PRO-3 an unavailable provider says why and what to do: it says what to do, but it says ""
                    """)
    void theMessageNamesRuleTestFamilyAndWhatWasExpected(String rule, String does, String message) {
        Defect defect = defects().stream()
                .filter(each -> each.rule().equals(rule) && each.does().equals(does))
                .findAny()
                .orElseThrow();
        assertThat(failures(defect))
                .extracting(HarnessedContract.Failure::message)
                .anySatisfy(each -> assertThat(each).startsWith(message));
    }

    @Test
    void theSameBackendWithoutADefectFailsNothing() {
        HarnessedContract.Result result = HarnessedContract.run(new BrokenHarness());
        assertThat(result.failures()).isEmpty();
        assertThat(result.succeeded()).as("tests that were run").isGreaterThan(200);
    }

    @Test
    void everyRuleHasABrokenBackend() throws IOException {
        List<String> rules = Pattern.compile("(?m)^\\*\\*([A-Z]+-\\d+)\\*\\*")
                .matcher(Files.readString(SPEC))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(rules).as("the rules of SPEC.md").hasSizeGreaterThanOrEqualTo(40);
        assertThat(defects().stream().map(Defect::rule).distinct()).containsExactlyInAnyOrderElementsOf(rules);
    }

    /** {@return what fails with the defect; the contract is run once for each} */
    private static List<HarnessedContract.Failure> failures(Defect defect) {
        return FAILURES.computeIfAbsent(defect.toString(), unknown -> run(defect));
    }

    private static List<HarnessedContract.Failure> run(Defect defect) {
        BrokenHarness backend = defect.backend().get();
        if (!defect.rule().equals(DROPPED)) {
            // Backends that are broken otherwise may keep their requests: a defect is to show in its own rule.
            backend.withoutCollection("the backend " + defect.does());
        }
        try {
            return HarnessedContract.run(backend).failures();
        } finally {
            backend.dispose();
        }
    }
}
