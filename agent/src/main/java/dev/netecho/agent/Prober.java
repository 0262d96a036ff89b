// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** {@code /probe}: asks one target once, as blackbox_exporter does. No thread waits for a reply. */
final class Prober implements AutoCloseable {
    private static final int MOST_AT_ONCE = 1_000;

    /** What blackbox_exporter takes off, so that its answer reaches Prometheus in time. */
    private static final double OFFSET_SECONDS = 0.5;

    /** What it takes if neither Prometheus nor the module names a timeout. */
    private static final double LONGEST_SECONDS = 120;

    private final EchoRequester requester;
    private final Resolver resolver;
    private final ExecutorService threads = Resolver.threads("probe-names", Resolver.MOST_THREADS);
    private final AtomicInteger under = new AtomicInteger();

    Prober(EchoRequester requester, NameLookup names) {
        this.requester = requester;
        this.resolver = new Resolver(names);
    }

    /** Answers a request, later. {@code allow} is whom it may ask. */
    void probe(Request request, Parameters parameters, Answer answer, AgentConfig config, AllowList allow) {
        String name = parameters.get("module");
        String moduleName = name == null || name.isEmpty() ? "icmp" : name;
        ProbeModule module = config.modules().get(moduleName);
        if (module == null) {
            answer.text(400, "Unknown module " + Words.quoted(moduleName));
            return;
        }
        if (!module.prober().equals("icmp")) {
            answer.text(
                    400,
                    "Unknown prober " + Words.quoted(module.prober()) + ": module " + Words.quoted(moduleName)
                            + " is not for ICMP, and this agent has the prober icmp only");
            return;
        }
        double timeout;
        try {
            timeout = timeout(request.getHeaders().get("X-Prometheus-Scrape-Timeout-Seconds"), module);
        } catch (NumberFormatException e) {
            answer.text(500, "Failed to parse timeout from Prometheus header: " + e.getMessage());
            return;
        }
        String target = parameters.get("target");
        if (target == null || target.isEmpty()) {
            answer.text(400, "Target parameter is missing");
            return;
        }
        String trouble = TargetSpec.trouble(target);
        if (trouble != null) {
            answer.text(400, "The target " + Words.quoted(target) + " is no host: " + trouble);
            return;
        }
        if (under.incrementAndGet() > MOST_AT_ONCE) {
            under.decrementAndGet();
            answer.text(503, "More than " + MOST_AT_ONCE + " probes are under way; scrape /metrics for many targets");
            return;
        }
        boolean debug = "true".equals(parameters.get("debug"));
        Probe probe = new Probe(target, module, timeout, allow, answer, debug);
        probe.start(request.getComponents().getScheduler());
    }

    private static double timeout(@Nullable String header, ProbeModule module) {
        double allowed = header == null || header.isEmpty() ? 0 : seconds(header);
        double most = (allowed == 0 ? LONGEST_SECONDS : allowed) - OFFSET_SECONDS;
        double own = module.timeout().toNanos() / 1e9;
        double chosen = own > 0 && (own < most || most <= 0) ? own : most;
        return Math.min(LONGEST_SECONDS, chosen > 0 ? chosen : OFFSET_SECONDS);
    }

    private static double seconds(String header) {
        double value = Double.parseDouble(header);
        if (Double.isNaN(value) || value < 0) {
            throw new NumberFormatException(Words.quoted(header) + " is no number of seconds");
        }
        return value;
    }

    /** Looks up no more names. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One probe: look-up, request, answer; or a timeout at any time before. */
    private final class Probe {
        private final String target;
        private final ProbeModule module;
        private final double timeout;
        private final AllowList allow;
        private final Answer answer;
        private final boolean debug;
        private final ProbeResult result;
        private final AtomicBoolean answered = new AtomicBoolean();
        private Scheduler.@Nullable Task deadline;
        private volatile @Nullable Future<?> turn;

        Probe(String target, ProbeModule module, double timeout, AllowList allow, Answer answer, boolean debug) {
            this.target = target;
            this.module = module;
            this.timeout = timeout;
            this.allow = allow;
            this.answer = answer;
            this.debug = debug;
            this.result = new ProbeResult(timeout);
        }

        void start(Scheduler scheduler) {
            if (Addresses.isLiteral(target)) {
                lookUp();
                return;
            }
            // A name server can take longer than Prometheus waits.
            deadline = scheduler.schedule(this::endLookUp, (long) (timeout * 1e9), TimeUnit.NANOSECONDS);
            Future<?> waiting = threads.submit(this::lookUp);
            turn = waiting;
            if (answered.get()) {
                waiting.cancel(false); // the deadline did not see it
            }
        }

        /** Whoever is still waiting for a thread gives its place to others. */
        private void endLookUp() {
            fail("lookup_timed_out");
            Future<?> waiting = turn;
            if (waiting != null) {
                waiting.cancel(false);
            }
        }

        private void lookUp() {
            if (answered.get()) {
                return;
            }
            InetAddress address;
            try {
                address = choose(resolver.addresses(target));
            } catch (UnknownHostException e) {
                address = null;
            }
            Scheduler.Task task = deadline;
            if (task != null && !task.cancel()) {
                return; // answered already
            }
            result.resolved(address);
            double left = timeout - result.elapsed();
            if (address == null) {
                fail("unresolved");
            } else if (!allow.allows(address)) {
                if (take()) {
                    answer.text(
                            403,
                            "The target " + Words.quoted(target) + " is " + Addresses.text(address)
                                    + ", which is not in the list probe.allow of the configuration");
                }
            } else if (left <= 0) {
                fail("lookup_timed_out");
            } else {
                send(address, Duration.ofNanos((long) (left * 1e9)));
            }
        }

        private @Nullable InetAddress choose(List<InetAddress> found) {
            InetAddress source = module.source();
            IpVersion wanted = source == null ? module.preferred() : IpVersion.of(source);
            List<InetAddress> fitting = Resolver.fitting(found, wanted);
            if (fitting.isEmpty() && source == null && module.fallback()) {
                fitting = found;
            }
            return fitting.isEmpty() ? null : fitting.get(0);
        }

        private void send(InetAddress address, Duration left) {
            EchoRequest.Builder request = EchoRequest.newBuilder(address)
                    .payload(module.payload())
                    .options(module.options())
                    .timeout(left);
            InetAddress source = module.source();
            if (source != null) {
                request.source(source);
            }
            EchoRequest asked;
            try {
                asked = request.build();
            } catch (IllegalArgumentException e) {
                fail("invalid_destination");
                return;
            }
            requester.sendAsync(asked, (sent, outcome) -> {
                result.ended(outcome);
                finish();
            });
        }

        private void fail(String why) {
            if (take()) {
                result.failed(why);
                write();
            }
        }

        private void finish() {
            if (take()) {
                write();
            }
        }

        /** {@return whether this call is the one that answers} */
        private boolean take() {
            boolean first = answered.compareAndSet(false, true);
            if (first) {
                under.decrementAndGet();
            }
            return first;
        }

        private void write() {
            if (debug) {
                answer.text(
                        200,
                        "The probe of " + Words.quoted(target) + " ended with: " + result.outcome()
                                + "\n\nMetrics that would have been returned:\n" + Answer.text(result.series()));
            } else {
                answer.series(result.series());
            }
        }
    }
}
