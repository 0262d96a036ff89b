// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A second network namespace, joined to that of this process by a veth pair: a host whose kernel answers echo requests.
 *
 * <p>It lives as long as the process that holds it, which ends with its standard input: nothing of it outlives this
 * JVM.
 */
public final class PeerNamespace implements AutoCloseable {
    // The blocks for benchmarks, RFC 2544 and RFC 5180.
    private static final String NEAR4 = "198.18.100.1";
    private static final String NEAR6 = "2001:2:0:100::1";
    private static final String FAR4 = "198.18.100.2";
    private static final String FAR6 = "2001:2:0:100::2";
    /** The name of the interface on this side. */
    public static final String NEAR_END = "bench-near";

    private static final String FAR_END = "bench-far";

    private final Session session;
    private final Process holder;

    private PeerNamespace(Session session, Process holder) {
        this.session = session;
        this.holder = holder;
    }

    /**
     * {@return a new one; one at a time}
     *
     * @param session the run
     * @throws MissingToolException if a program it needs is not installed
     * @throws IOException if it cannot be made
     * @throws InterruptedException if this thread is interrupted
     */
    public static PeerNamespace open(Session session) throws MissingToolException, IOException, InterruptedException {
        List<String> command = List.of(
                session.tool("unshare").toString(), "-n", "sh", "-c", "ip link set lo up && echo ready && exec cat");
        Process holder = session.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        PeerNamespace peer = new PeerNamespace(session, holder);
        try {
            peer.connect();
            return peer;
        } catch (IOException | InterruptedException | MissingToolException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    /** {@return the IPv4 address of the other end} */
    public String address4() {
        return FAR4;
    }

    /** {@return the IPv6 address of the other end} */
    public String address6() {
        return FAR6;
    }

    private void connect() throws IOException, InterruptedException, MissingToolException {
        @SuppressWarnings("resource") // it is the holder's, and ends with it
        BufferedReader output = holder.inputReader();
        if (!"ready".equals(output.readLine())) {
            throw new IOException("no second network namespace could be made: unshare -n failed");
        }
        ip("link", "add", NEAR_END, "type", "veth", "peer", "name", FAR_END);
        ip("link", "set", FAR_END, "netns", Long.toString(holder.pid()));
        ip("address", "add", NEAR4 + "/24", "dev", NEAR_END);
        // nodad: an address that is still being checked for duplicates cannot be used for a second.
        ip("address", "add", NEAR6 + "/64", "dev", NEAR_END, "nodad");
        ip("link", "set", NEAR_END, "up");
        inside("ip", "address", "add", FAR4 + "/24", "dev", FAR_END);
        inside("ip", "address", "add", FAR6 + "/64", "dev", FAR_END, "nodad");
        inside("ip", "link", "set", FAR_END, "up");
    }

    private void ip(String... words) throws IOException, InterruptedException, MissingToolException {
        List<String> command = new ArrayList<>(List.of(session.tool("ip").toString()));
        command.addAll(List.of(words));
        session.succeed(new ProcessBuilder(command));
    }

    /**
     * Runs a short command inside.
     *
     * @param words the command
     * @throws IOException if it fails
     * @throws InterruptedException if this thread is interrupted
     * @throws MissingToolException if nsenter is not installed
     */
    public void inside(String... words) throws IOException, InterruptedException, MissingToolException {
        List<String> command =
                new ArrayList<>(List.of(session.tool("nsenter").toString(), "-t", Long.toString(holder.pid()), "-n"));
        command.addAll(List.of(words));
        session.succeed(new ProcessBuilder(command));
    }

    /** Ends it; the veth pair goes with it. */
    @Override
    public void close() {
        session.end(holder);
    }
}
