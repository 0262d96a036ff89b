// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that have several addresses, or other ones later. */
@Timeout(60)
class NamesTest {
    private final Map<String, InetAddress[]> names = new ConcurrentHashMap<>();

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        if (name.endsWith(".test") && !names.containsKey(name)) {
            throw new UnknownHostException(name + ": Name or service not known");
        }
        return names.containsKey(name) ? names.get(name) : InetAddress.getAllByName(name);
    }

    private void name(String name, String... addresses) {
        InetAddress[] all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            try {
                all[i] = InetAddress.getByName(addresses[i]);
            } catch (UnknownHostException e) {
                throw new AssertionError(addresses[i], e);
            }
        }
        names.put(name, all);
    }

    private CommandRun.Setting with(ScriptedProvider provider) {
        return CommandRun.with(provider).names(this::lookUp);
    }

    @Test
    void theFirstAddressIsAsked() {
        name("host.test", "127.0.0.2", "127.0.0.1");
        assertThat(with(new ScriptedProvider()).ping("-c", "1", "host.test").out)
                .contains("64 bytes from host.test (127.0.0.2): icmp_seq=1 ", "--- host.test ping statistics ---")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void everyAddressIsATargetIfAskedFor() {
        name("host.test", "127.0.0.2", "::1", "127.0.0.1", "127.0.0.2");
        name("one.test", "127.0.0.3");
        String[] args = {"-c", "1", "--all-addresses", "-4", "host.test", "one.test"};
        CommandRun text = with(new ScriptedProvider()).ping(args);
        assertThat(text.out)
                .contains("PING host.test (127.0.0.2) 56(84)", "PING host.test (127.0.0.1) 56(84)")
                .contains("--- host.test (127.0.0.1) ping statistics ---", "--- one.test ping statistics ---")
                .doesNotContain("::1");
        CommandRun table = with(new ScriptedProvider()).terminal().ping(args);
        assertThat(table.out).contains("PING 3 targets", "\nhost.test (127.0.0.2) ", "\none.test ");
        CommandRun json =
                with(new ScriptedProvider()).ping("--json", "-c", "1", "--all-addresses", "host.test", "one.test");
        assertThat(json.out)
                .contains("\"summary\",\"target\":\"host.test\",\"address\":\"::1\"")
                .contains("\"total\",\"targets\":4,");
    }

    /** Changes the names once both are asked, and ends the run when the new addresses have answered. */
    private CommandRun runWhileNamesChange(String... args) {
        name("host.test", "127.0.0.1");
        AtomicReference<Interruptible> running = new AtomicReference<>();
        ScriptedProvider provider = new ScriptedProvider((request, n) -> {
            int last = request.destination().getAddress()[3];
            if (last == 1) {
                name("host.test", "127.0.0.2");
                name("later.test", "127.0.0.3");
            }
            if (last == 3 && n == 3) {
                running.get().stop();
            }
            return ScriptedProvider.reply(request, 42_000);
        });
        return with(provider).running(running::set).ping(args);
    }

    @Test
    void aNameThatChangesIsFollowed() {
        CommandRun run =
                runWhileNamesChange("--json", "--resolve-every", "1", "-i", "0.1", "host.test", "later.test", "::1");
        assertThat(run.out)
                .containsSubsequence(
                        "\"outcome\",\"target\":\"host.test\",\"address\":\"127.0.0.1\"",
                        "{\"type\":\"address_change\",\"target\":\"host.test\",\"address\":\"127.0.0.2\","
                                + "\"before\":\"127.0.0.1\",",
                        "\"outcome\",\"target\":\"host.test\",\"address\":\"127.0.0.2\"",
                        "\"summary\",\"target\":\"host.test\",\"address\":\"127.0.0.2\"")
                .containsSubsequence(
                        "\"outcome\",\"target\":\"later.test\",\"address\":null",
                        "\"target\":\"later.test\",\"address\":\"127.0.0.3\",\"before\":null,",
                        "\"outcome\",\"target\":\"later.test\",\"address\":\"127.0.0.3\"");
    }

    @Test
    void aChangeIsALineOfText() {
        CommandRun run = runWhileNamesChange("--resolve-every", "1", "-i", "0.1", "host.test", "later.test");
        assertThat(run.out)
                .contains("\nhost.test is now 127.0.0.2, was 127.0.0.1\n")
                .contains("\nlater.test is now 127.0.0.3; it did not resolve before\n");
    }

    @Test
    void aNameKeepsAnAddressThatItStillHas() throws Exception {
        name("host.test", "127.0.0.1");
        TargetResolver resolver = new TargetResolver(this::lookUp, null, false);
        List<Target> targets = resolver.resolve(List.of(new TargetFile.Entry("host.test", "", "")));
        name("host.test", "127.0.0.9", "127.0.0.1");
        assertThat(resolver.resolveAgain(targets)).isEqualTo(targets);
        names.remove("host.test");
        assertThat(resolver.resolveAgain(targets).get(0).isResolved()).isFalse();
    }
}
