// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoRequesterProvider;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Run by a test in a JVM of its own, with a limit of threads: opens while none is left, then again. */
final class ThreadShortageProgram {
    private static final int MOST = 2_000;
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private ThreadShortageProgram() {}

    public static void main(String[] arguments) throws Exception {
        boolean loaded = arguments.length > 1;
        EchoRequesterProvider provider = EngineVariant.valueOf(arguments[0]).provider();
        if (loaded) {
            say("at first", provider);
        }
        int before = descriptors();
        CountDownLatch release = new CountDownLatch(1);
        int used = useUp(release);
        say("used " + used, provider);
        say("again", provider);
        OUT.println("descriptors more: " + (descriptors() - before));
        release.countDown();
        String last = "";
        for (int i = 0; i < 200 && !last.endsWith("reply"); i++) { // threads take a while to end
            Thread.sleep(10);
            last = open(provider);
        }
        OUT.println("later: " + last);
    }

    private static int useUp(CountDownLatch release) {
        for (int used = 0; used < MOST; used++) {
            Thread thread = new Thread(null, () -> awaitQuietly(release), "waits", 64 * 1024, false);
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                return used;
            }
        }
        throw new AssertionError("no limit of threads");
    }

    private static void say(String when, EchoRequesterProvider provider) throws Exception {
        OUT.println(when + ", availability: " + oneLine(provider.availability().toString()));
        OUT.println(when + ", open: " + oneLine(open(provider)));
    }

    private static String open(EchoRequesterProvider provider) throws InterruptedException {
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(provider).open()) {
            EchoOutcome outcome = requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20)));
            return outcome.isReply() ? "reply" : outcome.toString();
        } catch (EchoUnavailableException e) {
            return "unavailable: " + e.getMessage();
        }
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static void awaitQuietly(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
