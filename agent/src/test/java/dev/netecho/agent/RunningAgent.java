// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequester;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An agent on a free port of this host, with names of the test's own. */
final class RunningAgent implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final Map<String, List<String>> names = new ConcurrentHashMap<>();

    /** How often a look-up of a name that begins with "asleep" has begun; each takes a permit to end. */
    final AtomicInteger asleep = new AtomicInteger();

    final Semaphore wake = new Semaphore(0);
    final Agent agent;

    RunningAgent(EchoRequester requester, Path folder, String yaml) throws ConfigException, IOException {
        this(requester, folder, yaml, null, null);
    }

    RunningAgent(
            EchoRequester requester, Path folder, String yaml, @Nullable Path webConfig, @Nullable String externalUrl)
            throws ConfigException, IOException {
        this(requester, folder, yaml, webConfig, externalUrl, Agent.PATIENCE);
    }

    RunningAgent(
            EchoRequester requester,
            Path folder,
            String yaml,
            @Nullable Path webConfig,
            @Nullable String externalUrl,
            Duration patience)
            throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("agent.yml"), yaml);
        names.put("both.test", List.of("2001:db8::1", "192.0.2.1"));
        names.put("four.test", List.of("192.0.2.4"));
        names.put("here.test", List.of("127.0.0.1"));
        names.put("multicast.test", List.of("224.0.0.1"));
        String listen = yaml.contains("listen:") ? null : "127.0.0.1:0";
        agent = new Agent(
                new AgentSettings(file, listen, webConfig, externalUrl, null, null, List.of()),
                requester,
                this::lookUp,
                patience);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        if (Addresses.isLiteral(host)) {
            return new InetAddress[] {InetAddress.getByName(host)};
        }
        if (host.startsWith("asleep")) {
            asleep.incrementAndGet();
            wake.acquireUninterruptibly();
        }
        List<String> found = names.get(host);
        if (found == null) {
            throw new UnknownHostException(host + ": no such name");
        }
        InetAddress[] addresses = new InetAddress[found.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = InetAddress.getByName(found.get(i));
        }
        return addresses;
    }

    /** {@return what is watched} */
    List<TargetState> targets() throws ReflectiveOperationException {
        Field targets = Agent.class.getDeclaredField("targets");
        targets.setAccessible(true);
        return ((Targets) targets.get(agent)).all();
    }

    int port() {
        return agent.address().getPort();
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Puts another configuration in force. */
    void reload(Path folder, String yaml) throws IOException {
        Files.writeString(folder.resolve("agent.yml"), yaml);
        HttpResponse<String> answer = post("/-/reload");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    HttpResponse<String> post(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(request.toString(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the page, once it is as expected} Fails with the last one after a while. */
    String await(String path, Predicate<String> expected) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            String page = get(path).body();
            if (expected.test(page)) {
                return page;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("still not as expected: " + page);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        wake.release(1_000_000);
        agent.close();
    }
}
