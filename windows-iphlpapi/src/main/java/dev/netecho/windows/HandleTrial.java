// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.packet.IpVersion;
import dev.netecho.spi.Availability;
import dev.netecho.windows.win32.Icmp6Api;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Opens a handle of each family, to know and to say exactly what the system offers. One family never takes the other with it. */
final class HandleTrial {
    static final String REMEDY =
            "install the missing protocol on a network adapter (ncpa.cpl, Properties, Internet Protocol"
                    + " Version 4 or 6) and check that security software lets this process open ICMP handles";

    private static final int UNSUPPORTED = 120;

    private final Map<IpVersion, IcmpHandle> handles = new EnumMap<>(IpVersion.class);
    private final Map<IpVersion, String> failures = new LinkedHashMap<>();

    private HandleTrial() {}

    static HandleTrial of(WindowsSystem system, byte[] ipOptions) {
        HandleTrial trial = new HandleTrial();
        trial.attempt(IpVersion.V4, "IcmpCreateFile", () -> {
            Pointer four = system.icmp().IcmpCreateFile();
            if (Ipv4Handle.isValid(four, system.width())) {
                trial.handles.put(IpVersion.V4, new Ipv4Handle(system, system.icmp(), four, ipOptions));
            } else {
                trial.failures.put(IpVersion.V4, "IcmpCreateFile failed with " + trial.reason(system));
            }
        });
        trial.attempt(IpVersion.V6, "Icmp6CreateFile", () -> {
            Icmp6Api icmp6 = system.icmp6();
            if (icmp6 == null) {
                trial.failures.put(
                        IpVersion.V6, "the functions of iphlpapi.dll cannot be called: " + system.icmp6Failure());
                return;
            }
            Pointer six = icmp6.Icmp6CreateFile();
            if (Ipv4Handle.isValid(six, system.width())) {
                trial.handles.put(IpVersion.V6, new Ipv6Handle(system, icmp6, six));
            } else {
                trial.failures.put(IpVersion.V6, "Icmp6CreateFile failed with " + trial.reason(system));
            }
        });
        return trial;
    }

    /** What one family throws, such as a function that cannot be called, is its own failure (SPEC PRO-4). */
    private void attempt(IpVersion version, String function, Runnable trial) {
        try {
            trial.run();
        } catch (RuntimeException | Error e) {
            failures.put(version, function + " could not be called: " + e);
        }
    }

    private String reason(WindowsSystem system) {
        int error = system.kernel().GetLastError();
        String text = system.messages().text(error);
        return "error " + error + (text.isEmpty() ? "" : " (" + text + ")")
                + (error == UNSUPPORTED ? ", as Wine before 10.14 does" : "");
    }

    Map<IpVersion, IcmpHandle> handles() {
        return handles;
    }

    String attempts() {
        return failures.entrySet().stream()
                .map(e -> (e.getKey() == IpVersion.V4 ? "IPv4: " : "IPv6: ") + e.getValue())
                .collect(Collectors.joining("; "));
    }

    /** {@return what the trial found; closes the handles} */
    Availability availability() {
        handles.values().forEach(IcmpHandle::close);
        if (failures.isEmpty()) {
            return Availability.available();
        }
        return handles.isEmpty()
                ? Availability.unavailable(attempts(), REMEDY, null)
                : Availability.availableBut("without " + attempts(), REMEDY);
    }
}
