// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process with a requester that has nothing to do any more: it has had a reply, a time-out and a cancelled request.
 *
 * <p>Arguments: the provider, seconds of idleness. Prints the threads of the engine, waits for a line, is idle, and
 * prints how often those threads were switched to meanwhile.
 */
final class IdleRequester {
    /** So long after the last request was cancelled, nothing of it is due any more. */
    private static final long REST_MILLIS = 1_500;

    private IdleRequester() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(args[0]).open()) {
            use(requester);
            List<Path> threads = threads();
            System.out.println("threads "
                    + String.join(
                            " ",
                            threads.stream()
                                    .map(thread -> thread.getFileName().toString())
                                    .toList()));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            if (in.readLine() == null) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
            long before = switches(threads);
            TimeUnit.MILLISECONDS.sleep((long) (Double.parseDouble(args[1]) * 1000));
            long after = switches(threads);
            System.out.println("idle threads=" + threads.size() + " wakeups=" + (after - before));
            in.readLine(); // the end comes when nobody traces the threads any more
        }
    }

    private static void use(EchoRequester requester) throws Exception {
        for (String address : List.of("127.0.0.1", "::1")) {
            EchoOutcome outcome = requester.send(EchoRequest.to(InetAddress.getByName(address)));
            if (!outcome.isReply()) {
                throw new IllegalStateException("loopback is not answered: " + outcome);
            }
        }
        requester
                .sendAsync(EchoRequest.to(BenchAddress.of(BenchAddress.SILENT)))
                .cancel(false);
    }

    /** The threads of the engine: their names begin with "icmp-echo-", of which the kernel keeps 15 characters. */
    private static List<Path> threads() throws IOException {
        List<Path> threads = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).startsWith("icmp-echo-")) {
                    threads.add(task);
                }
            }
        }
        return threads;
    }

    /** proc(5): how often the threads gave the processor up; a thread that is not woken does not. */
    private static long switches(List<Path> threads) throws IOException {
        long switches = 0;
        for (Path thread : threads) {
            for (String line : Files.readAllLines(thread.resolve("status"))) {
                if (line.startsWith("voluntary_ctxt_switches:") || line.startsWith("nonvoluntary_ctxt_switches:")) {
                    switches +=
                            Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
                }
            }
        }
        return switches;
    }
}
