// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may do what: with and without privileges, with ping sockets allowed and refused; each in a JVM of its own.
 *
 * <p>A user namespace maps one group, and the range takes mapped groups only: nothing written there can close the range
 * again. A network namespace that was just made has it closed, so that is where such a child runs.
 */
@InPrivateNamespace
@Timeout(180)
final class PermissionMatrixTest {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");
    private static final boolean ROOT = "root".equals(System.getProperty("netecho.test.namespace"));

    @AfterEach
    void openRange() {
        Loopback.write(RANGE, ROOT ? "0 2147483647" : "0 0");
    }

    @ParameterizedTest(name = "privileged {0}, range open {1}: {2}")
    @CsvSource({
        "true,  true,  linux-datagram",
        "true,  false, linux-raw",
        "false, true,  linux-datagram",
    })
    @Covers(
            rules = "PRO-1",
            cases = {"C96", "C97"})
    void choosesTheBestThatIsAllowed(boolean privileged, boolean open, String provider) throws Exception {
        ChildJvm.Result result = run(privileged, open, ChildJvm.everything());
        assertThat(result.output())
                .contains("provider " + provider, "127.0.0.1 reply", "::1 reply")
                .doesNotContain("unavailable");
        assertThat(result.status()).isZero();
    }

    @Test
    @Covers(rules = "PRO-3", cases = "C95")
    void explainsToAnOrdinaryUserWhatToDo() throws Exception {
        ChildJvm.Result result = run(false, false, ChildJvm.everything());
        assertThat(result.output())
                .contains("unavailable")
                .contains("linux-datagram: IPv4: socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP): ", "EACCES")
                .contains("IPv6: socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6): ")
                .contains("linux-raw: IPv4: socket(AF_INET, SOCK_RAW, IPPROTO_ICMP): ", "EPERM")
                .contains("IPv6: socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6): ")
                .contains("CAP_NET_RAW no")
                .contains("sysctl -w net.ipv4.ping_group_range=\"" + (ROOT ? "0 2147483647" : "0 0") + "\"")
                .contains("setpriv --reuid=USER", "docker run", "Kubernetes")
                .doesNotContain("setcap");
        if (ROOT) {
            assertThat(result.output())
                    .contains("effective uid 65534, effective gid 65534, groups []")
                    .contains("net.ipv4.ping_group_range \"1 0\"");
        }
    }

    /** In a user namespace of its own, whose root may set the range, with groups that are mapped. */
    @Test
    @Covers(rules = "PRO-3", cases = "C95")
    void theRangeThatIsToldIsTakenInAUserNamespace() throws Exception {
        String script = "ip link set lo up; told=$(\"$@\" | sed -n 's/.*as root: \\(sysctl -w [^;]*\\);.*/\\1/p');"
                + " echo \"told: $told\"; PATH=$PATH:/sbin:/usr/sbin; eval \"$told\"; exec \"$@\"";
        ChildJvm.Result result = ChildJvm.run(
                List.of("unshare", "-Urn", "sh", "-c", script, "sh"),
                ChildJvm.everything(),
                "-Dnetecho.provider=linux-datagram",
                OpenProgram.class.getName());
        assertThat(result.output())
                .contains("told: sysctl -w net.ipv4.ping_group_range=\"0 0\"\n", "provider linux-datagram")
                .doesNotContain("unavailable");
    }

    @Test
    @Covers(rules = "PRO-3", cases = "C95")
    void whatIsToldToTypeWorks() throws Exception {
        Assumptions.assumeTrue(ROOT, "an ordinary user can type neither");
        String told = run(false, false, ChildJvm.everything()).output();

        String setpriv = found(told, "setpriv --reuid=USER .*(?= COMMAND)")
                .replace("USER", "nobody")
                .replace("GROUP", "nogroup");
        ChildJvm.Result raw = ChildJvm.runReadable(List.of(setpriv.split(" ", -1)), OpenProgram.class.getName());
        assertThat(raw.output()).contains("provider linux-raw", "127.0.0.1 reply", "::1 reply");

        String sysctl = found(told, "(?<=as root: )sysctl -w [^;]*");
        Process typed = new ProcessBuilder("sh", "-c", "PATH=$PATH:/sbin:/usr/sbin; " + sysctl)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(typed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("ping_group_range");
        assertThat(typed.waitFor()).isZero();
        ChildJvm.Result datagram = ChildJvm.runReadable(ordinary(), OpenProgram.class.getName());
        assertThat(datagram.output()).contains("provider linux-datagram", "127.0.0.1 reply", "::1 reply");
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group();
    }

    /** The range says who, for both families; neither being root nor the primary group is asked for. */
    @ParameterizedTest(name = "uid {0}, gid {0}, supplementary groups [{1}]: {2}")
    @CsvSource({
        "65534, 4242, true",
        "65534, '',   false",
        "0,     4242, true",
        "0,     '',   false",
    })
    @Covers(rules = "PRO-3", cases = "C98", backends = "linux-datagram")
    void allowsOnlyGroupsInTheRange(String id, String supplementary, boolean allowed) throws Exception {
        Assumptions.assumeTrue(ROOT, "a user namespace has one group only, so that nobody is outside of its range");
        Loopback.write(RANGE, "4242 4242");
        List<String> user = new ArrayList<>(List.of("setpriv", "--reuid", id, "--regid", id));
        user.addAll(supplementary.isEmpty() ? List.of("--clear-groups") : List.of("--groups", supplementary));

        ChildJvm.Result result =
                ChildJvm.runReadable(user, "-Dnetecho.provider=linux-datagram", OpenProgram.class.getName());

        if (allowed) {
            assertThat(result.output())
                    .contains("provider linux-datagram", "127.0.0.1 reply", "::1 reply")
                    .doesNotContain("unavailable");
        } else {
            assertThat(result.output())
                    .contains("unavailable")
                    .containsPattern("IPv4: socket\\(AF_INET, SOCK_DGRAM, IPPROTO_ICMP\\): [^;]*EACCES")
                    .containsPattern("IPv6: socket\\(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6\\): [^;]*EACCES")
                    .contains("effective uid " + id + ", effective gid " + id + ", groups []")
                    .contains("net.ipv4.ping_group_range \"4242 4242\"")
                    .doesNotContain("reply");
        }
    }

    @Test
    @Covers(rules = "PRO-3", cases = "C99", backends = "linux-datagram")
    void goesOnWithOpenSocketsWhenTheRangeIsClosed() throws Exception {
        Assumptions.assumeTrue(ROOT, "a user namespace has one group only, so that nobody in it can close the range");
        ChildJvm.Result result =
                ChildJvm.run(List.of(), ChildJvm.everything(), OpenProgram.class.getName(), "close the range");
        assertThat(result.output())
                .contains("provider linux-datagram")
                .contains("after closing the range reply")
                .contains("unavailable again", "EACCES")
                .doesNotContain("opened again");
    }

    @Test
    @Covers(
            rules = {"PRO-2", "PRO-3"},
            cases = "C102")
    void saysThatJnaIsMissing() throws Exception {
        ChildJvm.Result result = run(true, true, ChildJvm.without("jna-"), "-Dnetecho.binding=jna");
        assertThat(result.output())
                .contains("unavailable", "linux-datagram: ", "linux-raw: ", "JNA", "remedy: ")
                .doesNotContain("Exception in thread");
    }

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "older JDKs have no java.lang.foreign")
    void needsNoJna() throws Exception {
        ChildJvm.Result result = run(true, true, ChildJvm.without("jna-"));
        assertThat(result.output())
                .contains("provider linux-datagram", "127.0.0.1 reply", "::1 reply")
                .doesNotContain("unavailable");
    }

    private static ChildJvm.Result run(boolean privileged, boolean open, Predicate<String> classPath, String... options)
            throws Exception {
        List<String> wrapper = new ArrayList<>();
        if (!open && ROOT) {
            Loopback.write(RANGE, "1 0");
        } else if (!open) {
            wrapper.addAll(List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        }
        if (!privileged) {
            wrapper.addAll(ordinary());
        }
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(OpenProgram.class.getName());
        String[] command = arguments.toArray(new String[0]);
        return privileged ? ChildJvm.run(wrapper, classPath, command) : ChildJvm.runReadable(wrapper, command);
    }

    /** An ordinary user; in a user namespace, where there is no other one, the same user without capabilities. */
    private static List<String> ordinary() {
        return ROOT
                ? List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
                : List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all");
    }
}
