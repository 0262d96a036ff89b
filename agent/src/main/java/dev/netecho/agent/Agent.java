// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Watches targets on a schedule of its own, and answers over HTTP. It owns the threads of its schedule, of its HTTP
 * server and of name look-up, and not the requester. Thread-safe.
 */
public final class Agent implements AutoCloseable {
    /** How long the end waits for requests under way. */
    private static final long DRAIN_MILLIS = 5_000;

    /** How long a reader of many series may take nothing: it keeps others from them meanwhile. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EchoRequester requester;
    private final InForce inForce;
    private final Discovery discovery;
    private final Reload reload;
    private final Targets targets;
    private final Prober prober;
    private final Schedule schedule;
    private final Streams streams;
    private final WebFile web;
    private final Passwords passwords;
    private final WebServer server;

    /**
     * Starts an agent. Once this has returned it watches and answers.
     *
     * @param settings what the command line says
     * @param requester sends the requests; the caller closes it after the agent
     * @param names looks names up
     * @throws ConfigException if the settings or their file have a mistake
     * @throws IOException if it cannot listen
     */
    public Agent(AgentSettings settings, EchoRequester requester, NameLookup names)
            throws ConfigException, IOException {
        this(settings, requester, names, PATIENCE);
    }

    /** As above; {@code patience} is with readers. */
    Agent(AgentSettings settings, EchoRequester requester, NameLookup names, Duration patience)
            throws ConfigException, IOException {
        AgentConfig config = AgentConfig.read(settings);
        OwnNames own = OwnNames.of(config.listen().getAddress(), settings.externalUrl());
        this.web = new WebFile(settings.webConfig());
        LagWatch lag = new LagWatch();
        this.requester = requester;
        this.inForce = new InForce(config);
        Schedule asked = new Schedule(target -> target.ask(requester), lag);
        this.schedule = asked;
        Targets watched =
                new Targets(names, (all, with) -> asked.set(all, with.interval().toNanos()), System::nanoTime);
        this.targets = watched;
        this.discovery = new Discovery(watched::set);
        this.reload = new Reload(settings, inForce, discovery, web);
        this.prober = new Prober(requester, names);
        this.streams = new Streams(watched);
        this.passwords = new Passwords();
        Routes routes = new Routes(
                inForce,
                targets,
                new AgentMetrics(requester, lag, inForce, discovery),
                prober,
                reload,
                new Page(requester, watched, streams),
                patience);
        try {
            this.server =
                    new WebServer(config.listen(), web.config().tls(), new Gate(web::config, own, passwords, routes));
        } catch (IOException e) {
            stopWatching();
            streams.close();
            passwords.close();
            throw new IOException(
                    "cannot listen on " + Addresses.text(config.listen()) + ": " + e.getMessage()
                            + "; free that port, or give another address with --listen",
                    e);
        }
        web.watch(server::tls);
        discovery.set(config);
        if (config.allow() == null && !config.listen().getAddress().isLoopbackAddress()) {
            Warnings.say(
                    "others can reach this agent, so /probe refuses every target: list whom it may ask in probe.allow");
        }
    }

    /**
     * Reads the configuration again. Where it listens stays as it is until the next start.
     *
     * @throws ConfigException if the file has a mistake; then what was in force stays in force
     */
    public void reload() throws ConfigException {
        reload.run();
    }

    /** {@return where it listens} */
    public InetSocketAddress address() {
        return new InetSocketAddress(inForce.config().listen().getAddress(), server.port());
    }

    /** {@return whether it speaks TLS} */
    public boolean isSecure() {
        return web.config().tls() != null;
    }

    /** {@return how many targets it watches} */
    public int targets() {
        return targets.all().size();
    }

    /**
     * Ends in order: no more requests, then the outcomes of those under way, for at most five seconds, then the answers
     * under way. {@code /-/ready} says so meanwhile. A second call does nothing.
     */
    @Override
    public void close() {
        inForce.end();
        stopWatching();
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        while (requester.isOpen() && isBusy() && System.nanoTime() - end < 0) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        streams.close();
        web.close();
        server.close();
        passwords.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isBusy() {
        EchoStatistics counts = requester.statistics();
        return counts.inFlight() + counts.queued() > 0;
    }

    private void stopWatching() {
        discovery.close();
        schedule.close();
        targets.close();
        prober.close();
    }
}
