// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import com.sun.jna.Pointer;
import dev.netecho.NotSentReason;
import dev.netecho.packet.IpVersion;
import dev.netecho.spi.Availability;
import dev.netecho.windows.win32.Icmp6Api;
import dev.netecho.windows.win32.IpStatus;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a handle of each family, to know and to say exactly what the system offers. One family never takes the other with it. */
final class HandleTrial {
    static final String REMEDY =
            "install the missing protocol on a network adapter (ncpa.cpl, Properties, Internet Protocol"
                    + " Version 4 or 6) and check that security software lets this process open ICMP handles and send echoes";

    private static final Logger LOG = LoggerFactory.getLogger(HandleTrial.class);

    private static final int UNSUPPORTED = 120;

    private static final Set<NotSentReason> REFUSALS =
            EnumSet.of(NotSentReason.NOT_PERMITTED, NotSentReason.UNSUPPORTED, NotSentReason.OS_ERROR);

    private final Map<IpVersion, IcmpHandle> handles = new EnumMap<>(IpVersion.class);
    private final Map<IpVersion, String> failures = new LinkedHashMap<>();

    private HandleTrial() {}

    static HandleTrial of(WindowsSystem system, byte[] ipOptions) {
        HandleTrial trial = new HandleTrial();
        try {
            trial.attempts(system, ipOptions);
            return trial;
        } catch (VirtualMachineError e) { // such as the end of memory: it says nothing of the system
            close(trial.handles.values());
            throw e;
        }
    }

    private void attempts(WindowsSystem system, byte[] ipOptions) {
        attempt(IpVersion.V4, "IcmpCreateFile", () -> {
            Pointer four = system.icmp().IcmpCreateFile();
            if (Ipv4Handle.isValid(four, system.width())) {
                handles.put(IpVersion.V4, new Ipv4Handle(system, system.icmp(), four, ipOptions));
            } else {
                failures.put(IpVersion.V4, "IcmpCreateFile failed with " + reason(system));
            }
        });
        attempt(IpVersion.V6, "Icmp6CreateFile", () -> {
            Icmp6Api icmp6 = system.icmp6();
            if (icmp6 == null) {
                failures.put(IpVersion.V6, "the functions of iphlpapi.dll cannot be called: " + system.icmp6Failure());
                return;
            }
            Pointer six = icmp6.Icmp6CreateFile();
            if (Ipv4Handle.isValid(six, system.width())) {
                handles.put(IpVersion.V6, new Ipv6Handle(system, icmp6, six));
            } else {
                failures.put(IpVersion.V6, "Icmp6CreateFile failed with " + reason(system));
            }
        });
    }

    /** What one family throws, such as a function that cannot be called, is its own failure (SPEC PRO-4). */
    private void attempt(IpVersion version, String function, Runnable trial) {
        try {
            trial.run();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failures.put(version, function + " could not be called: " + e);
        }
    }

    private static String reason(WindowsSystem system) {
        return reason(system, system.kernel().GetLastError());
    }

    private static String reason(WindowsSystem system, int error) {
        String text = system.messages().text(error);
        return "error " + error + (text.isEmpty() ? "" : " (" + text + ")")
                + (error == UNSUPPORTED ? ", as Wine before 10.14 does" : "");
    }

    /**
     * Has each family send an echo to this host: handles are given out also where no echo may be sent, as in a sandbox. No answer is
     * no failure, since a firewall may eat it; nor is a lack of memory or of a route, which may pass.
     */
    HandleTrial prove(WindowsSystem system) {
        for (Map.Entry<IpVersion, IcmpHandle> each : Map.copyOf(handles).entrySet()) {
            IpVersion version = each.getKey();
            String function = version == IpVersion.V4 ? "IcmpSendEcho2Ex" : "Icmp6SendEcho2";
            attempt(version, function, () -> {
                int error = each.getValue().callItself();
                if (error != 0
                        && error < IpStatus.IP_STATUS_BASE
                        && REFUSALS.contains(StatusTable.refusalByError(version, error, false))) {
                    failures.put(version, function + " failed with " + reason(system, error));
                }
            });
            if (failures.containsKey(version)) {
                handles.remove(version);
                close(List.of(each.getValue()));
            }
        }
        return this;
    }

    Map<IpVersion, IcmpHandle> handles() {
        return handles;
    }

    String attempts() {
        return failures.entrySet().stream()
                .map(e -> (e.getKey() == IpVersion.V4 ? "IPv4: " : "IPv6: ") + e.getValue())
                .collect(Collectors.joining("; "));
    }

    /** Closes handles, each whatever another one throws. */
    static void close(Collection<IcmpHandle> handles) {
        for (IcmpHandle handle : handles) {
            try {
                handle.close();
            } catch (RuntimeException | Error e) {
                LOG.warn("an ICMP handle could not be closed", e);
            }
        }
    }

    /** {@return what the trial found; closes the handles} */
    Availability availability() {
        close(handles.values());
        if (failures.isEmpty()) {
            return Availability.available();
        }
        return handles.isEmpty()
                ? Availability.unavailable(attempts(), REMEDY, null)
                : Availability.availableBut("without " + attempts(), REMEDY);
    }
}
