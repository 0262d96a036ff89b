// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every combination of facts against the tables of SPEC.md, Verdicts, of which exactly one row applies to each. */
final class AnswerRulesTest {
    private static final long OWN = 0x1111_1111_1111_1111L;
    private static final long EARLIER = 0x2222_2222_2222_2222L;
    private static final long OTHER = 0x3333_3333_3333_3333L;

    private static final Pattern ROW = Pattern.compile("([^|]*)\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|([^|]*)");

    /** State, data, from the destination, in time; and the verdict. A star is anything. */
    private static final String REPLIES = """
            FREE           | *                              | *   | *   | UNMATCHED
            STAGED         | earlier                        | *   | *   | LATE
            STAGED         | whole, named, tokenless, other | *   | *   | UNMATCHED
            SENT           | whole                          | yes | yes | REPLY
            SENT           | named                          | yes | yes | ALTERED_REPLY
            SENT           | whole, named                   | yes | no  | LATE
            SENT           | earlier                        | *   | *   | LATE
            SENT           | tokenless, other               | yes | *   | ALTERED
            SENT           | whole,named,tokenless,other    | no  | *   | WRONG_SOURCE
            ANSWERED       | whole, named, tokenless        | yes | *   | DUPLICATE
            ENDED          | whole, named, tokenless        | yes | *   | LATE
            ANSWERED,ENDED | whole, named, tokenless        | no  | *   | UNMATCHED
            ANSWERED,ENDED | earlier                        | *   | *   | LATE
            ANSWERED,ENDED | other                          | *   | *   | UNMATCHED
            """;

    /** State, quoted data, to the destination, in time; and the verdict. */
    private static final String ERRORS = """
            FREE            | *           | *   | *   | UNMATCHED
            STAGED,ANSWERED | none, named | *   | *   | UNMATCHED
            SENT            | none, named | yes | yes | ICMP_ERROR
            SENT            | none, named | yes | no  | LATE
            ENDED           | none, named | yes | *   | LATE
            SENT,ENDED      | none, named | no  | *   | UNMATCHED
            STAGED,SENT,ANSWERED,ENDED | earlier | * | * | LATE
            STAGED,SENT,ANSWERED,ENDED | other   | * | * | UNMATCHED
            """;

    /**
     * The facts that make up a kind of data: expected, earlier and own token of the answer, and whether a reply is
     * intact, or an error quotes a token.
     */
    private record Data(long expected, long earlier, long token, boolean intact) {}

    private static final Map<String, List<Data>> REPLY_DATA = Map.of(
            "whole",
                    List.of(
                            new Data(OWN, EARLIER, OWN, true),
                            new Data(OWN, 0, OWN, true),
                            new Data(0, EARLIER, OTHER, true),
                            new Data(0, 0, 0, true)),
            "named", List.of(new Data(OWN, EARLIER, OWN, false), new Data(OWN, 0, OWN, false)),
            "tokenless",
                    List.of(
                            new Data(0, EARLIER, OTHER, false),
                            new Data(0, EARLIER, 0, false),
                            new Data(0, 0, OTHER, false),
                            new Data(0, 0, 0, false)),
            "earlier", List.of(new Data(OWN, EARLIER, EARLIER, false), new Data(0, EARLIER, EARLIER, false)),
            "other",
                    List.of(
                            new Data(OWN, EARLIER, OTHER, false),
                            new Data(OWN, EARLIER, 0, false),
                            new Data(OWN, 0, OTHER, false),
                            new Data(OWN, 0, 0, false)));

    private static final Map<String, List<Data>> ERROR_DATA = Map.of(
            "none", List.of(new Data(OWN, EARLIER, 0, false), new Data(0, EARLIER, 0, false), new Data(0, 0, 0, false)),
            "named",
                    List.of(
                            new Data(OWN, EARLIER, OWN, true),
                            new Data(OWN, 0, OWN, true),
                            new Data(0, EARLIER, OTHER, true),
                            new Data(0, 0, OTHER, true),
                            new Data(0, 0, 0, true)),
            "earlier", List.of(new Data(OWN, EARLIER, EARLIER, true), new Data(0, EARLIER, EARLIER, true)),
            "other",
                    List.of(
                            new Data(OWN, EARLIER, OTHER, true),
                            new Data(OWN, EARLIER, 0, true),
                            new Data(OWN, 0, OTHER, true),
                            new Data(OWN, 0, 0, true)));

    @Test
    void decideAboutEveryReplyAsTheTableSays() {
        REPLY_DATA.forEach((name, all) -> all.forEach(data ->
                each((state, own, inTime) -> assertThat(AnswerRules.reply(reply(state, data, own, inTime)))
                        .as("%s, %s %s, from the destination: %s, in time: %s", state, name, data, own, inTime)
                        .isEqualTo(due(REPLIES, state, name, own, inTime)))));
    }

    @Test
    void decideAboutEveryErrorAsTheTableSays() {
        ERROR_DATA.forEach((name, all) -> all.forEach(data ->
                each((state, own, inTime) -> assertThat(AnswerRules.error(error(state, data, own, inTime)))
                        .as("%s, %s %s, to the destination: %s, in time: %s", state, name, data, own, inTime)
                        .isEqualTo(due(ERRORS, state, name, own, inTime)))));
    }

    @Test
    void takeAnIntactReplyThatBeginsLikeAnEarlierToken() {
        assertThat(AnswerRules.reply(reply(SlotState.SENT, new Data(0, EARLIER, EARLIER, true), true, true)))
                .isEqualTo(Verdict.REPLY);
        assertThat(AnswerRules.error(error(SlotState.SENT, new Data(EARLIER, EARLIER, EARLIER, true), true, true)))
                .isEqualTo(Verdict.ICMP_ERROR);
    }

    @Test
    void forgetTheAnswerBefore() {
        AnswerFacts facts = reply(SlotState.SENT, new Data(OWN, EARLIER, OWN, true), true, false);
        assertThat(AnswerRules.reply(facts.of(SlotState.SENT))).isEqualTo(Verdict.WRONG_SOURCE);
        assertThat(AnswerRules.error(facts.of(SlotState.SENT).matchesDestination(true)))
                .isEqualTo(Verdict.ICMP_ERROR);
    }

    private static AnswerFacts reply(SlotState state, Data data, boolean own, boolean inTime) {
        AnswerFacts facts = facts(state, data, own, inTime).intact(data.intact());
        return data.token() == 0 ? facts : facts.token(data.token());
    }

    private static AnswerFacts error(SlotState state, Data data, boolean own, boolean inTime) {
        AnswerFacts facts = facts(state, data, own, inTime);
        return data.intact() ? facts.token(data.token()) : facts;
    }

    private static AnswerFacts facts(SlotState state, Data data, boolean own, boolean inTime) {
        return new AnswerFacts()
                .of(state)
                .expectedToken(data.expected())
                .earlierToken(data.earlier())
                .matchesDestination(own)
                .late(!inTime);
    }

    private interface Check {
        void of(SlotState state, boolean destination, boolean inTime);
    }

    private static void each(Check check) {
        for (SlotState state : SlotState.values()) {
            for (int facts = 0; facts < 4; facts++) {
                check.of(state, (facts & 1) != 0, (facts & 2) != 0);
            }
        }
    }

    private static Verdict due(String table, SlotState state, String data, boolean destination, boolean inTime) {
        List<Verdict> due = new ArrayList<>();
        for (String row : table.lines().toList()) {
            Matcher cells = ROW.matcher(row);
            assertThat(cells.matches()).as(row).isTrue();
            if (has(cells.group(1), state.name())
                    && has(cells.group(2), data)
                    && has(cells.group(3), destination ? "yes" : "no")
                    && has(cells.group(4), inTime ? "yes" : "no")) {
                due.add(Verdict.valueOf(cells.group(5).strip()));
            }
        }
        assertThat(due)
                .as("rows for %s, %s, %s, %s", state, data, destination, inTime)
                .hasSize(1);
        return due.get(0);
    }

    private static boolean has(String cell, String value) {
        return cell.strip().equals("*") || cell.matches("(.*[ ,])?" + value + "([ ,].*)?");
    }
}
