// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The round-trip times of ICMP echo on an interface as tcpdump sees them: a second opinion that knows nothing of the
 * library.
 */
final class PacketCapture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern ECHO =
            Pattern.compile("(\\d+)\\.(\\d{9}) .*ICMP echo (request|reply), (id \\d+, seq \\d+),.*");
    private static final Pattern REQUEST = Pattern.compile("(\\d+)\\.(\\d{9}) IP \\S+ > (\\S+): ICMP echo request,.*");

    private final Conversation tcpdump;

    private PacketCapture(Conversation tcpdump) {
        this.tcpdump = tcpdump;
    }

    /**
     * Starts it. Without its immediate mode tcpdump is not woken for every packet, which would disturb what it watches.
     */
    static PacketCapture start(Session session, String device)
            throws IOException, InterruptedException, MissingToolException {
        ProcessBuilder builder = new ProcessBuilder(
                session.tool("tcpdump").toString(),
                "-Z",
                "root",
                "-i",
                device,
                "-n",
                "-l",
                "-tt",
                "--time-stamp-precision=nano",
                "icmp");
        Conversation tcpdump = new Conversation(session, builder);
        try {
            tcpdump.await("listening", PATIENCE);
            return new PacketCapture(tcpdump);
        } catch (IOException e) {
            tcpdump.close();
            throw e;
        }
    }

    /**
     * {@return nanoseconds from each request to its reply, in the order of the replies; waits until there are so many}
     */
    List<Long> roundTrips(int count) throws IOException, InterruptedException {
        Map<String, Long> requests = new HashMap<>();
        List<Long> roundTrips = new ArrayList<>();
        while (roundTrips.size() < count) {
            Matcher echo = ECHO.matcher(tcpdump.await("", PATIENCE));
            if (!echo.matches()) {
                continue;
            }
            long nanos = Long.parseLong(echo.group(1)) * 1_000_000_000L + Long.parseLong(echo.group(2));
            if (echo.group(3).equals("request")) {
                requests.put(echo.group(4), nanos);
            } else {
                Long sent = requests.remove(echo.group(4));
                if (sent != null) {
                    roundTrips.add(nanos - sent);
                }
            }
        }
        return roundTrips;
    }

    /** {@return when each host was asked, in nanoseconds, from now on and for so long} */
    Map<String, List<Long>> requests(Duration time) throws IOException, InterruptedException {
        Map<String, List<Long>> requests = new HashMap<>();
        long first = 0;
        long nanos = 0;
        while (nanos - first <= time.toNanos()) {
            Matcher request = REQUEST.matcher(tcpdump.await("", PATIENCE));
            if (request.matches()) {
                nanos = Long.parseLong(request.group(1)) * 1_000_000_000L + Long.parseLong(request.group(2));
                first = first == 0 ? nanos : first;
                requests.computeIfAbsent(request.group(3), host -> new ArrayList<>())
                        .add(nanos);
            }
        }
        return requests;
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
