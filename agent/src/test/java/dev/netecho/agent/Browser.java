// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium with one page, over the DevTools protocol. */
final class Browser implements AutoCloseable {
    static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** What the page complained about: exceptions, and breaches of its security policy. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();

    Browser(Path folder) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        CHROMIUM.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--window-size=1280,800",
                        "--remote-debugging-port=0",
                        "--remote-allow-origins=*",
                        "--user-data-dir=" + folder,
                        "about:blank")
                .redirectErrorStream(true);
        // It writes there too, and the user of the tests may have no home.
        builder.environment().put("HOME", folder.toString());
        process = builder.start();
        String port = null;
        StringBuilder said = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line; port == null && (line = lines.readLine()) != null; ) {
            said.append(line).append('\n');
            Matcher listening = Pattern.compile("DevTools listening on ws://127.0.0.1:(\\d+)/")
                    .matcher(line);
            port = listening.find() ? listening.group(1) : null;
        }
        if (port == null) {
            throw new IOException("Chromium does not start: " + said);
        }
        Thread rest = new Thread(() -> lines.lines().forEach(line -> {}), "chromium-output");
        rest.setDaemon(true);
        rest.start();
        String pages = CLIENT.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher page = Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]*/page/[^\"]*)\"")
                .matcher(pages);
        if (!page.find()) {
            throw new IOException("Chromium has no page: " + pages);
        }
        socket = CLIENT.newWebSocketBuilder()
                .buildAsync(URI.create(page.group(1)), new Listener())
                .join();
        call("Runtime.enable", "{}");
        call("Log.enable", "{}");
        call("Page.enable", "{}");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                Matcher id = Pattern.compile("^\\{\"id\":(\\d+)[,}]").matcher(message);
                if (id.find()) {
                    CompletableFuture<String> answer = answers.remove(Integer.valueOf(id.group(1)));
                    if (answer != null) {
                        answer.complete(message);
                    }
                } else if (message.contains("Runtime.exceptionThrown") || message.contains("\"level\":\"error\"")) {
                    complaints.add(message);
                }
            }
            from.request(1);
            return null;
        }
    }

    String call(String method, String parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .join();
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** {@return the value of an expression, as a text of JSON} */
    String evaluate(String expression) {
        StringBuilder quoted = new StringBuilder();
        TargetsJson.quote(quoted, "String(" + expression + ")");
        String answer = call("Runtime.evaluate", "{\"returnByValue\":true,\"expression\":" + quoted + "}");
        Matcher value = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
        return value.find() ? value.group(1) : answer;
    }

    /** Waits until an expression has a value. */
    void await(String expression, String expected) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String last;
        do {
            last = evaluate(expression);
            if (last.equals(expected)) {
                return;
            }
        } while (System.nanoTime() - end < 0);
        throw new AssertionError(expression + " is still " + last + " and not " + expected + "; " + complaints);
    }

    void key(String key) {
        for (String type : new String[] {"keyDown", "keyUp"}) {
            String text = key.length() == 1 ? ",\"text\":\"" + key + "\"" : "";
            call("Input.dispatchKeyEvent", "{\"type\":\"" + type + "\",\"key\":\"" + key + "\"" + text + "}");
        }
    }

    void screenshot(Path file) throws IOException {
        String answer = call("Page.captureScreenshot", "{\"format\":\"png\"}");
        Matcher data = Pattern.compile("\"data\":\"([^\"]*)\"").matcher(answer);
        if (data.find()) {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(data.group(1)));
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    }
}
