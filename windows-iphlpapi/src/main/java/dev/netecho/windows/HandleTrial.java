// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
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

/**
 * Opens a handle of each family, to find out and to say exactly what the system offers. One family never takes the
 * other with it.
 */
final class HandleTrial {
    private static final String REMEDY =
            "not certain. Likely: install the missing protocol on a network adapter (ncpa.cpl, Properties, Internet"
                    + " Protocol Version 4 or 6), or let the security software allow this process to open ICMP handles"
                    + " and send echoes";

    private static final String SHORTAGE_REMEDY =
            "free memory, or raise the quota of this process: the system has too little for an ICMP handle now";

    private static final Logger LOG = LoggerFactory.getLogger(HandleTrial.class);

    private static final int UNSUPPORTED = 120;

    private static final Set<NotSentReason> REFUSALS =
            EnumSet.of(NotSentReason.NOT_PERMITTED, NotSentReason.UNSUPPORTED, NotSentReason.OS_ERROR);

    private final Map<IpVersion, IcmpHandle> handles = new EnumMap<>(IpVersion.class);
    private final Map<IpVersion, String> failures = new LinkedHashMap<>();

    /** The families that failed for lack of memory, which does not say what the system can do. */
    private final Set<IpVersion> shortages = EnumSet.noneOf(IpVersion.class);

    private HandleTrial() {}

    static HandleTrial of(WindowsSystem system, byte[] ipOptions) {
        HandleTrial trial = new HandleTrial();
        try {
            trial.attempts(system, ipOptions);
            return trial;
        } catch (VirtualMachineError e) {
            // Such as a lack of memory: it says nothing about the system.
            close(trial.handles.values());
            throw e;
        }
    }

    private void attempts(WindowsSystem system, byte[] ipOptions) {
        attempt(IpVersion.V4, "IcmpCreateFile", () -> {
            long four = system.icmp().IcmpCreateFile();
            if (Ipv4Handle.isValid(four, system.width())) {
                handles.put(IpVersion.V4, new Ipv4Handle(system, system.icmp(), four, ipOptions));
            } else {
                notCreated(IpVersion.V4, "IcmpCreateFile", system);
            }
        });
        attempt(IpVersion.V6, "Icmp6CreateFile", () -> {
            Icmp6Api icmp6 = system.icmp6();
            if (icmp6 == null) {
                failures.put(IpVersion.V6, "the functions of iphlpapi.dll cannot be called: " + system.icmp6Failure());
                return;
            }
            long six = icmp6.Icmp6CreateFile();
            if (Ipv4Handle.isValid(six, system.width())) {
                handles.put(IpVersion.V6, new Ipv6Handle(system, icmp6, six));
            } else {
                notCreated(IpVersion.V6, "Icmp6CreateFile", system);
            }
        });
    }

    /** What one family throws, such as for a function that cannot be called, is its own failure (SPEC PRO-4). */
    private void attempt(IpVersion version, String function, Runnable trial) {
        try {
            trial.run();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failures.put(version, function + " could not be called: " + e);
        }
    }

    private void notCreated(IpVersion version, String function, WindowsSystem system) {
        int error = system.kernel().GetLastError();
        failures.put(version, function + " failed with " + reason(system, error));
        if (StatusTable.isLackOfRoom(error)) {
            shortages.add(version);
        }
    }

    private static String reason(WindowsSystem system, int error) {
        String text = system.messages().text(error);
        return "error " + error + (text.isEmpty() ? "" : " (" + text + ")")
                + (error == UNSUPPORTED ? ", as Wine before 10.14 does" : "");
    }

    /**
     * Has each family send an echo to this host, because handles are given out even where no echo may be sent, as in a
     * sandbox. A missing answer is not a failure, because a firewall may drop it; nor is a lack of memory or of a
     * route, which may pass.
     */
    HandleTrial prove(WindowsSystem system) {
        try {
            callEach(system);
            return this;
        } catch (VirtualMachineError e) { // as in of()
            close();
            throw e;
        }
    }

    private void callEach(WindowsSystem system) {
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
    }

    /**
     * {@return the handles, at least one}
     *
     * @throws EchoUnavailableException if no family has one, or if the system was only short of memory for one: it has
     *     that family, which must not be missing for the life of the requester
     */
    Map<IpVersion, IcmpHandle> handles() throws EchoUnavailableException {
        if (handles.isEmpty() || !shortages.isEmpty()) {
            throw new EchoUnavailableException(attempts(": ") + "\n    remedy: " + remedy());
        }
        return handles;
    }

    private String attempts(String verb) {
        return failures.entrySet().stream()
                .map(e -> (e.getKey() == IpVersion.V4 ? "IPv4" : "IPv6") + verb + e.getValue())
                .collect(Collectors.joining("; "));
    }

    private String remedy() {
        return shortages.isEmpty() ? REMEDY : SHORTAGE_REMEDY;
    }

    /** Closes all handles. */
    void close() {
        close(handles.values());
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
        if (handles.isEmpty()) {
            return Availability.unavailable(attempts(": "), remedy(), null);
        }
        return Availability.availableBut(
                shortages.isEmpty()
                        ? "without " + attempts(": ")
                        : attempts(" could not be tried because of a shortage that may pass: "),
                remedy());
    }
}
