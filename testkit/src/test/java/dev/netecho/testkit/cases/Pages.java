// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.List;

/** Small pages of cases, and results for them. */
final class Pages {
    /** Two cases: one that linux-raw need not show, and one about speed that nobody does. */
    static final String TWO_CASES = """
            # Cases

            ## Cases

            | case | rules | outcome |
            |---|---|---|
            | C1 | MAT-1, REQ-1 | ::1: Reply |
            | C2 | none | fast |

            ## Differences

            | cases | backends | may | why |
            |---|---|---|---|
            | C1 | linux-raw | omit | never sees it |
            | C1 | windows-iphlpapi | differ | rounds it |
            | C1 to C2 | simulated | omit | no wire |
            | C2 | every | omit | benchmark |

            ## Skipped tests

            | what | backends | why |
            |---|---|---|
            | SizeTest.refuses, NO_WIRE | simulated | no wire |

            ## Tests by name

            | module | test | cases |
            |---|---|---|
            | core | a.b.SizeTest.refuses | C1 |
            """;

    private Pages() {}

    static CaseAccount account(RecordedResult... results) {
        return new CaseAccount(ContractCases.parse(TWO_CASES), List.of(results));
    }

    static RecordedResult result(String backend, String id, String test, Result result, String reason) {
        return new RecordedResult(backend, "", List.of(id), test, result, reason);
    }

    static RecordedResult passed(String backend, String id) {
        return result(backend, id, "SizeTest.refuses", Result.PASSED, "");
    }
}
