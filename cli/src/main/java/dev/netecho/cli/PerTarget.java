// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Does the same with each target, all at once, and prints the results in the order of the targets.
 *
 * @param context what the process gives to the command
 * @param endpoints from where to where
 */
record PerTarget(CommandContext context, Endpoints endpoints) {
    /**
     * What is done with a target.
     *
     * @param <J> what runs for one target
     */
    interface Work<J> {
        J start(EchoRequester requester, Optional<InetAddress> from, Target target);

        void cancel(J job);

        /** {@return what is known of all of them so far} */
        String interim(List<Target> targets, List<J> jobs);

        /** Waits for the end. */
        Result await(Target target, J job);

        /** {@return what is printed of a target that has no address} */
        String unresolved(Target target);
    }

    /**
     * What became of one target.
     *
     * @param good whether the exit status may be 0
     * @param text what is printed of it
     */
    record Result(boolean good, String text) {}

    /** {@return the exit status} */
    <J> int run(Work<J> work) throws UsageException, EchoUnavailableException, InterruptedException {
        Optional<InetAddress> from = endpoints.source();
        EchoRequester.Builder requesters = endpoints.requesters(context);
        List<Target> all = endpoints.resolve(endpoints.resolver(from.orElse(null), context.names()), context.in());
        List<Target> targets = Target.resolved(all);
        try (EchoRequester requester = endpoints.open(requesters)) {
            List<J> jobs = new ArrayList<>(targets.size());
            for (Target target : targets) {
                jobs.add(work.start(requester, from, target));
            }
            context.running().accept(interruptible(work, targets, jobs));
            boolean good = targets.size() == all.size();
            for (Target target : Target.unresolved(all)) {
                context.print(work.unresolved(target));
            }
            for (int i = 0; i < jobs.size(); i++) {
                Result result = work.await(targets.get(i), jobs.get(i));
                good &= result.good();
                context.print(result.text());
            }
            return good ? ExitStatus.ANSWERED : ExitStatus.UNANSWERED;
        }
    }

    private <J> Interruptible interruptible(Work<J> work, List<Target> targets, List<J> jobs) {
        return new Interruptible() {
            @Override
            public void stop() {
                // From the last: what a job leaves to the next in the queue is then not wanted any more.
                for (int i = jobs.size() - 1; i >= 0; i--) {
                    work.cancel(jobs.get(i));
                }
            }

            @Override
            public void summarize() {
                context.err().print(work.interim(targets, jobs));
                context.err().flush();
            }
        };
    }
}
