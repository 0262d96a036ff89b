// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the kernel checks when it allows or refuses ICMP sockets, read from /proc for the error message. */
public final class ProcessRights {
    /** Of the calling thread: a system-call filter, like a capability, belongs to a thread. */
    private static final Path STATUS = Path.of("/proc/thread-self/status");

    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");

    /** user_namespaces(7): one line, "0 0 4294967295", in the first user namespace. */
    private static final Path GROUP_MAP = Path.of("/proc/self/gid_map");

    private static final String ALL_GROUPS = "4294967295";

    /** Numbers of capabilities(7). */
    public static final int CAP_NET_ADMIN = 12;

    public static final int CAP_NET_RAW = 13;

    /** What proc(5) says of a thread without, and with, a system-call filter. */
    private static final String NO_FILTER = "0";

    private static final String FILTER = "2";

    private ProcessRights() {}

    /**
     * {@return effective user and groups, ping_group_range, CAP_NET_RAW and system-call filter; or why they are not
     * known}
     */
    public static String describe() {
        try {
            List<String> status = lines(STATUS);
            return "effective uid " + id(status, "Uid:") + ", effective gid " + id(status, "Gid:") + ", groups ["
                    + field(status, "Groups:").orElse("?") + "], net.ipv4.ping_group_range \""
                    + String.join(" ", String.join(" ", lines(RANGE)).trim().split("\\s+")) + "\", CAP_NET_RAW "
                    + capability(status, CAP_NET_RAW) + ", seccomp filter " + filter(status);
        } catch (IOException e) {
            return unknown(e);
        }
    }

    /** {@return why the rights of this process are not known; empty if they can be read} */
    private static Optional<String> whyUnknown() {
        try {
            lines(STATUS);
            lines(RANGE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(unknown(e));
        }
    }

    /** FileInputStream names the file and quotes the system, such as "(Too many open files)". */
    private static String unknown(IOException e) {
        return "the rights of this process could not be read: " + e.getMessage();
    }

    /** {@return whether the process is known to have a capability} */
    public static boolean hasCapability(int number) {
        try {
            return capability(lines(STATUS), number).equals("yes");
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return whether the process is known to have a system-call filter} */
    public static boolean hasFilter() {
        try {
            return field(lines(STATUS), "Seccomp:").orElse("").equals(FILTER);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * {@return the value of ping_group_range that allows this process} All groups; in a user namespace, which maps only
     * some, its own: the kernel refuses a range with an unmapped end (ipv4_ping_group_range, EINVAL).
     */
    private static String rangeToAllow() {
        try {
            String[] map = String.join(" ", lines(GROUP_MAP)).trim().split("\\s+", -1);
            String group = id(lines(STATUS), "Gid:");
            boolean all = map.length == 3 && map[2].equals(ALL_GROUPS);
            return all || group.equals("?") ? "0 2147483647" : group + " " + group;
        } catch (IOException e) {
            return "0 2147483647";
        }
    }

    /** {@return whether the process is known to have a group that ping_group_range allows} */
    private static boolean isInPingGroupRange() {
        try {
            List<String> status = lines(STATUS);
            String[] range = String.join(" ", lines(RANGE)).trim().split("\\s+", -1);
            long least = Long.parseLong(range[0]);
            long most = Long.parseLong(range[1]);
            String groups = id(status, "Gid:") + " " + field(status, "Groups:").orElse("");
            return Arrays.stream(groups.trim().split("\\s+", -1))
                    .mapToLong(Long::parseLong)
                    .anyMatch(group -> group >= least && group <= most);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return false; // not known
        }
    }

    /** {@return whether an error number says that the call is denied} */
    public static boolean isDenial(int errno) {
        return errno == Errno.EACCES || errno == Errno.EPERM || errno == Errno.ENOSYS;
    }

    /**
     * {@return what to do about a call that is denied: give the process the right that it lacks; if it lacks none, a
     * system-call filter or a security module denies it}
     *
     * @param kind the socket that was to be opened
     * @param failure a denial
     */
    public static String remedyForDenial(SocketKind kind, SystemCallException failure) {
        return whyUnknown()
                        .map(why -> "not certain, because " + why + ". Likely: ")
                        .orElse("")
                + remedyForKnownDenial(kind, failure);
    }

    private static String remedyForKnownDenial(SocketKind kind, SystemCallException failure) {
        String call = failure.call();
        boolean opens = failure.function().equals("socket");
        // The range counts for root too, for both families, and per network namespace, where it starts as "1 0".
        if (opens && kind == SocketKind.DATAGRAM && failure.errno() == Errno.EACCES && !isInPingGroupRange()) {
            String range = rangeToAllow();
            return "allow ping sockets, as root: sysctl -w net.ipv4.ping_group_range=\"" + range
                    + "\"; or in a container: docker run --sysctl net.ipv4.ping_group_range=\"" + range
                    + "\"; or in Kubernetes: a safe sysctl of the pod's securityContext.sysctls";
        }
        if (opens && kind == SocketKind.RAW && failure.errno() == Errno.EPERM && !hasCapability(CAP_NET_RAW)) {
            // Not setcap on a java launcher: the dynamic linker then ignores its $ORIGIN, and finds no libjli.so.
            return "allow ping sockets (see linux-datagram), which is better; or, as root, give a program CAP_NET_RAW:"
                    + " setpriv --reuid=USER --regid=GROUP --init-groups --inh-caps=+net_raw --ambient-caps=+net_raw"
                    + " COMMAND; or AmbientCapabilities=CAP_NET_RAW in a systemd unit; or, for root in a container,"
                    + " docker run --cap-add NET_RAW, in Kubernetes capabilities.add [\"NET_RAW\"]";
        }
        if (call.startsWith("setsockopt(SO_MARK") && !hasCapability(CAP_NET_ADMIN)) {
            return "a mark needs CAP_NET_ADMIN: give it to this process, or set no mark";
        }
        if (call.startsWith("setsockopt(SO_BINDTODEVICE") && !hasCapability(CAP_NET_RAW)) {
            return "an interface needs CAP_NET_RAW before Linux 5.7: give it to this process, or name no interface";
        }
        return remedyForFilter(failure.function(), failure.errno());
    }

    /**
     * {@return what to do about a call that is denied although the process has every right that Linux requires}
     *
     * @param function the name of the call
     * @param errno EPERM, EACCES or ENOSYS
     */
    public static String remedyForFilter(String function, int errno) {
        String filter;
        try {
            filter = field(lines(STATUS), "Seccomp:").orElse("");
        } catch (IOException e) {
            filter = ""; // not known
        }
        String old = errno == Errno.ENOSYS ? "; or this kernel does not have the call" : "";
        String namespace = errno == Errno.EPERM && (function.equals("socket") || function.equals("setsockopt"))
                ? "; or the network namespace belongs to another user namespace, where the capabilities of this "
                        + "process do not"
                        + " count (user_namespaces(7))"
                : "";
        String allow = "allow " + function + " in its profile (docker run --security-opt seccomp=PROFILE.json,"
                + " securityContext.seccompProfile in Kubernetes, SystemCallFilter= in a systemd unit)";
        String module = "a security module (SELinux, AppArmor; the audit log names what it denies)";
        return switch (filter) {
            case FILTER ->
                "a system-call filter (seccomp) is active in this process: " + allow + "; or it is " + module
                        + namespace + old;
            case NO_FILTER ->
                "no system-call filter (seccomp) is active in this process: look at " + module + namespace + old;
            default -> "look for a system-call filter (seccomp) and " + allow + "; or for " + module + namespace + old;
        };
    }

    private static String filter(List<String> status) {
        return field(status, "Seccomp:")
                .map(mode -> mode.equals(NO_FILTER) ? "no" : mode.equals(FILTER) ? "yes" : mode)
                .orElse("?");
    }

    /** The second number of "Uid:" and "Gid:" is the effective one; proc(5). */
    private static String id(List<String> status, String name) {
        return field(status, name)
                .map(text -> text.split("\\s+"))
                .filter(ids -> ids.length > 1)
                .map(ids -> ids[1])
                .orElse("?");
    }

    private static String capability(List<String> status, int number) {
        return field(status, "CapEff:")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) >>> number & 1) != 0 ? "yes" : "no")
                .orElse("?");
    }

    private static Optional<String> field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim())
                .findFirst();
    }

    /**
     * One large read: files below /proc/sys answer only the first read(2), and {@code Files.readString} first reads a
     * single byte.
     */
    private static List<String> lines(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[8192];
            int length = Math.max(0, in.read(bytes));
            return Arrays.asList(new String(bytes, 0, length, StandardCharsets.US_ASCII).split("\n"));
        }
    }
}
