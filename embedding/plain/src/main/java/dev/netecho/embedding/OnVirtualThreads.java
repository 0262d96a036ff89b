// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding;

import dev.netecho.EchoRequester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * On virtual threads, which Java has since 21: ten threads open a requester each, while a thousand send with one more.
 */
public final class OnVirtualThreads {
    private static final int OPENING = 10;
    private static final int SENDING = 1000;

    private OnVirtualThreads() {}

    /** Prints one line for each provider that was used. */
    public static void main(String[] arguments) throws Exception {
        // By reflection, because this is compiled for Java 17.
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        Callable<List<String>> all = () -> pingFrom(threads);
        threads.submit(all).get().stream().distinct().forEach(System.out::println);
        threads.shutdown();
    }

    private static List<String> pingFrom(ExecutorService threads) throws Exception {
        List<Future<String>> echoes = new ArrayList<>();
        List<String> results = new ArrayList<>();
        try (EchoRequester requester = EchoRequester.open()) {
            Callable<String> opening = Plain::echo;
            Callable<String> sending = () -> Plain.echo(requester);
            for (int i = 0; i < OPENING; i++) {
                echoes.add(threads.submit(opening));
            }
            for (int i = 0; i < SENDING; i++) {
                echoes.add(threads.submit(sending));
            }
            for (Future<String> echo : echoes) {
                results.add(echo.get());
            }
        }
        return results;
    }
}
