// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.Stray;
import org.jspecify.annotations.Nullable;

/** What an answer means, as {@link AnswerRules} decides. */
public enum Verdict {
    /** It ends the request: a {@code Reply}. */
    REPLY(true, null),
    /** It ends the request with a {@code Reply} whose payload is not intact, and counts as altered. */
    ALTERED_REPLY(true, Stray.ALTERED),
    /** It ends the request: an {@code IcmpError}. */
    ICMP_ERROR(true, null),
    /** It counts as a duplicate. */
    DUPLICATE(false, Stray.DUPLICATE),
    /** It counts as late. */
    LATE(false, Stray.LATE),
    /** It counts as altered. */
    ALTERED(false, Stray.ALTERED),
    /** It counts as one from a wrong source. */
    WRONG_SOURCE(false, Stray.WRONG_SOURCE),
    /** It counts as unmatched. */
    UNMATCHED(false, Stray.UNMATCHED);

    private final boolean endsRequest;
    private final @Nullable Stray stray;

    Verdict(boolean endsRequest, @Nullable Stray stray) {
        this.endsRequest = endsRequest;
        this.stray = stray;
    }

    /** {@return whether the answer ends the request that is in flight; otherwise the request stays as it is} */
    public boolean endsRequest() {
        return endsRequest;
    }

    /** {@return what to count the answer as; null if only its outcome is counted} */
    public @Nullable Stray stray() {
        return stray;
    }
}
