// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.ProcessCost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The JVM that is measured: an agent with one open requester per provider.
 *
 * <p>It reads a {@link Turn} a line and answers each with a line {@code key=value ...}; it ends with its standard
 * input. Between turns its requesters stay open and idle, as an agent's do.
 */
final class EchoWorker {
    private final Map<String, EchoRequester> requesters = new HashMap<>();

    private EchoWorker() {}

    public static void main(String[] args) throws Exception {
        EchoWorker worker = new EchoWorker();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(worker.measure(Turn.of(Finished.valuesOf(line))));
            System.out.flush();
        }
        worker.requesters.values().forEach(EchoRequester::close);
    }

    private String measure(Turn turn) throws InterruptedException, IOException, EchoUnavailableException {
        EchoRequester requester = requesters.get(turn.provider());
        if (requester == null) {
            requester = EchoRequester.newBuilder().provider(turn.provider()).open();
            requesters.put(turn.provider(), requester);
        }
        Load load = Load.of(turn.style(), requester, requests(turn), turn.window());
        if (turn.style() == Turn.Style.VIRTUAL) {
            try (VirtualThreads.PinnedCount pinned = new VirtualThreads.PinnedCount()) {
                return measure(turn, load) + " pinned=" + pinned.stop();
            }
        }
        return measure(turn, load);
    }

    private static String measure(Turn turn, Load load) throws InterruptedException {
        load.start();
        sleep(turn.warmUp());
        ProcessCost costBefore = ProcessCost.before();
        long repliesBefore = load.replies();
        long othersBefore = load.others();
        long start = System.nanoTime();
        sleep(turn.seconds());
        // In the same order as above: what is counted between two readings is then missing at one end and there at the
        // other.
        ProcessCost cost = ProcessCost.after();
        long replies = load.replies() - repliesBefore;
        double seconds = (System.nanoTime() - start) / 1e9;
        long others = load.others() - othersBefore;
        load.stop();
        return String.format(
                Locale.ROOT,
                "rate=%.1f cpu_us=%.4f bytes=%.2f replies=%d others=%d",
                replies / seconds,
                (cost.cpuNanos() - costBefore.cpuNanos()) / 1e3 / replies,
                (double) (cost.allocatedBytes() - costBefore.allocatedBytes()) / replies,
                replies,
                others);
    }

    private static void sleep(double seconds) throws InterruptedException {
        Thread.sleep(Math.round(seconds * 1000));
    }

    private static List<EchoRequest> requests(Turn turn) throws UnknownHostException {
        List<EchoRequest> requests = new ArrayList<>();
        byte[] first = InetAddress.getByName(turn.address()).getAddress();
        for (int i = 0; i < turn.destinations(); i++) {
            requests.add(EchoRequest.to(InetAddress.getByAddress(behind(first, i))));
        }
        return requests;
    }

    /** {@return the address that is {@code distance} behind another} */
    static byte[] behind(byte[] address, int distance) {
        byte[] sum =
                new BigInteger(1, address).add(BigInteger.valueOf(distance)).toByteArray();
        byte[] result = new byte[address.length];
        for (int i = 1; i <= Math.min(sum.length, result.length); i++) {
            result[result.length - i] = sum[sum.length - i];
        }
        return result;
    }
}
