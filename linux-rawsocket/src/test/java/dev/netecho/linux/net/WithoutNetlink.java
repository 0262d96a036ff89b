// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.SeccompFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A requester of a thread that may open no AF_NETLINK socket, as RestrictAddressFamilies= of systemd has it. */
final class WithoutNetlink {
    private static final int PATIENCE_SECONDS = 30;

    private WithoutNetlink() {}

    /** {@return the outcomes of requests that are sent one after the other} */
    static List<EchoOutcome> send(Stack stack, List<EchoRequest> requests) throws Exception {
        FutureTask<List<EchoOutcome>> filtered = new FutureTask<>(() -> {
            SeccompFilter.denySocket(Rtnetlink.AF_NETLINK, Errno.EAFNOSUPPORT);
            List<EchoOutcome> outcomes = new ArrayList<>();
            try (EchoRequester requester = stack.open()) {
                for (EchoRequest request : requests) {
                    outcomes.add(requester.send(request));
                }
            }
            return outcomes;
        });
        Thread thread = new Thread(filtered, "filtered");
        thread.start();
        try {
            return filtered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
    }
}
