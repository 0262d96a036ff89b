// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoCapability;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.backend.SendPace;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine: hands requests to its {@link EchoWorker}, and waits for it at the end. */
final class WindowsEngine implements EchoEngine {
    private static final Logger LOG = LoggerFactory.getLogger(WindowsEngine.class);

    /** Waits end with the system's timer, whose default period is 15.6 ms. */
    private static final long PACE_TOLERANCE_NANOS = 20_000_000;

    private final String name;
    private final EchoWorker worker;
    private final Thread thread;
    private final long drainNanos;
    private final Set<EchoCapability> capabilities;
    private final AtomicBoolean warned = new AtomicBoolean();

    private WindowsEngine(String name, EchoWorker worker, long drainNanos, Set<EchoCapability> capabilities) {
        this.name = name;
        this.worker = worker;
        this.drainNanos = drainNanos;
        this.capabilities = capabilities;
        this.thread = new Thread(worker, name + "-loop");
        thread.setDaemon(true);
    }

    /**
     * Opens the handles and starts the thread.
     *
     * @throws EchoUnavailableException if the system has no ICMP for either family, or too little memory now
     */
    static WindowsEngine open(EchoConfig config, WindowsSettings settings, WindowsSystem system)
            throws EchoUnavailableException {
        HandleTrial trial = HandleTrial.of(system, settings.ipOptions());
        long event = 0;
        EchoWorker worker = null;
        try {
            Map<IpVersion, IcmpHandle> handles = trial.handles();
            event = system.kernel().CreateEventW(0, false, false, 0);
            if (event == 0) {
                throw new EchoUnavailableException(
                        "CreateEventW failed with error " + system.kernel().GetLastError()
                                + "\n    remedy: close handles of this process, or restart it");
            }
            // The driver handles duplicates, unmatched packets and its own drops without reporting them.
            config.counters().observe(Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE);
            worker = new EchoWorker(
                    config.name(),
                    config.counters(),
                    system,
                    settings,
                    handles,
                    new Judge(
                            config.counters(),
                            system.messages(),
                            system.ipStatusMessages(),
                            new HostAddresses(system.addresses())),
                    event,
                    SendPace.of(config, PACE_TOLERANCE_NANOS),
                    new SecureRandom());
            HostTraits traits = system.traits().withTrafficClass(settings.trafficClass());
            WindowsEngine engine = new WindowsEngine(
                    config.name(), worker, settings.drainNanos(), capabilities(handles.keySet(), traits));
            engine.thread.start();
            return engine;
        } catch (EchoUnavailableException | RuntimeException | Error e) {
            trial.close();
            if (event != 0) {
                system.kernel().CloseHandle(event);
            }
            if (worker != null) {
                worker.neverRan();
            }
            throw e;
        }
    }

    private static Set<EchoCapability> capabilities(Set<IpVersion> versions, HostTraits traits) {
        EnumSet<EchoCapability> all = EnumSet.noneOf(EchoCapability.class);
        if (versions.contains(IpVersion.V4)) {
            all.add(EchoCapability.IPV4);
            all.add(EchoCapability.HOP_LIMIT_IPV4);
            all.add(EchoCapability.REPLY_HOP_LIMIT_IPV4);
            if (traits.dontFragment()) {
                all.add(EchoCapability.DONT_FRAGMENT_IPV4);
            }
            if (traits.trafficClass()) { // Icmp6SendEcho2 takes none
                all.add(EchoCapability.TRAFFIC_CLASS_IPV4);
            }
        }
        if (versions.contains(IpVersion.V6)) {
            all.add(EchoCapability.IPV6);
            all.add(EchoCapability.HOP_LIMIT_IPV6);
        }
        if (traits.sourceAddress()) {
            all.add(EchoCapability.SOURCE_ADDRESS);
        }
        return Set.copyOf(all);
    }

    @Override
    public void submit(PendingEcho pending) {
        worker.submit(pending);
    }

    @Override
    public void cancelled(PendingEcho pending) {
        worker.cancelled(pending);
    }

    @Override
    public void letGoOfCancelled() {
        worker.letGoOfCancelled();
    }

    @Override
    public boolean inEngineThread() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return capabilities;
    }

    /** {@return whether the worker has ended: the system holds nothing and everything is released} */
    boolean isReleased() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        worker.close();
        if (inEngineThread() || worker.isEnding()) {
            worker.endCallers(); // core tells them after the listener that closes
            return;
        }
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(drainNanos));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        worker.awaitCallers(TimeUnit.MILLISECONDS.toNanos(millis));
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the worker continues to close
            return;
        }
        if (thread.isAlive() && warned.compareAndSet(false, true)) {
            warn(millis);
        }
    }

    private void warn(long millis) {
        if (worker.hasEndedCallers()) {
            LOG.warn(
                    "{}: {} ms after close() began, Windows still holds {} requests that cannot be cancelled; their"
                            + " memory and the thread {} stay until Windows ends them",
                    name,
                    millis,
                    worker.pendingCalls(),
                    thread.getName());
        } else {
            LOG.warn(
                    "{}: {} ms after close() began, a listener or a system call still keeps the thread {}; the memory"
                            + " of {} requests stays allocated until that returns",
                    name,
                    millis,
                    thread.getName(),
                    worker.pendingCalls());
        }
    }
}
