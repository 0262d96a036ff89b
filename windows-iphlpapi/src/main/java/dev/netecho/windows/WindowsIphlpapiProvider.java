// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.windows.win32.Bindings;
import dev.netecho.windows.win32.Win32UnavailableException;
import java.util.Locale;

/**
 * {@code windows-iphlpapi}: IcmpSendEcho2Ex and Icmp6SendEcho2 of iphlpapi.dll. Needs no privilege.
 *
 * <p>The options of {@link WindowsOptions} are its own.
 */
public final class WindowsIphlpapiProvider implements EchoRequesterProvider {
    private static final int PRIORITY = 100;

    /** Constructs the provider; loads nothing (SPEC PRO-2). */
    public WindowsIphlpapiProvider() {}

    @Override
    public String name() {
        return "windows-iphlpapi";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability availability() {
        return availability(System.getProperty("os.name", ""));
    }

    static Availability availability(String osName) {
        if (!isWindows(osName)) {
            return elsewhere(osName);
        }
        try {
            WindowsSystem system = WindowsSystem.load();
            return HandleTrial.of(system, new byte[0])
                    .prove(system)
                    .availability()
                    .through(Bindings.load().title());
        } catch (Win32UnavailableException e) {
            return Availability.unavailable(e.reason(), e.remedy(), e);
        } catch (OutOfMemoryError e) { // JNA is loaded on a thread of its own
            return Availability.withoutThread(e);
        }
    }

    @Override
    public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
        WindowsSettings settings = WindowsSettings.of(config);
        String osName = System.getProperty("os.name", "");
        if (!isWindows(osName)) {
            Availability elsewhere = elsewhere(osName);
            throw new EchoUnavailableException(elsewhere.why() + "\n    remedy: " + elsewhere.remedy());
        }
        try {
            return WindowsEngine.open(config, settings, WindowsSystem.load());
        } catch (Win32UnavailableException e) {
            EchoUnavailableException unavailable =
                    new EchoUnavailableException(e.reason() + "\n    remedy: " + e.remedy());
            unavailable.initCause(e);
            throw unavailable;
        } catch (OutOfMemoryError e) {
            Availability refused = Availability.withoutThread(e);
            EchoUnavailableException unavailable =
                    new EchoUnavailableException(refused.why() + "\n    remedy: " + refused.remedy());
            unavailable.initCause(e);
            throw unavailable;
        }
    }

    private static boolean isWindows(String osName) {
        return osName.toLowerCase(Locale.ROOT).startsWith("windows");
    }

    private static Availability elsewhere(String osName) {
        return Availability.ofAnotherSystem(
                "iphlpapi.dll is part of Windows, and this is " + (osName.isEmpty() ? "an unknown system" : osName),
                "use the backend for this system; for Linux that is netecho-linux-rawsocket; if it is there, its jar"
                        + " was merged with others: merge META-INF/services too");
    }
}
