// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

/** How a test ended. */
public enum Result {
    /** It ran and found nothing wrong. */
    PASSED,
    /** It found something wrong, or could not run though it had to. */
    FAILED,
    /** It did not run, or gave up on an assumption. */
    SKIPPED
}
