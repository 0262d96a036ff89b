// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Three hosts in a row, made of kernel namespaces:
 *
 * <pre>
 *   prober (this process)           router                        target
 *   np0  .1.1, second .1.2 ------- nr0 .1.254   nr1 .2.254 ------ nt0 .2.1, and all of .3.0/24
 *        MTU 1500                                    MTU 1400
 * </pre>
 *
 * <p>{@code .S.H} is 198.18.S.H and 2001:2:0:S::H (RFC 2544, RFC 5180: benchmarking networks). What the subnet of a
 * destination says happens to it is below; everything that is not named ends at the target. The prober has no route to
 * 198.19.0.0/16 and 2001:2:0:8000::/49. The router limits no ICMP errors, except those for its routes of IPv4
 * ({@code net.ipv4.route.error_cost} belongs to the host's first namespace).
 *
 * <p>As a registered extension in a static field, it exists while the tests of that class run.
 */
final class RoutedNetwork implements BeforeAllCallback, AfterAllCallback {
    static final int PROBER_LINK = 1;
    static final int TARGET_LINK = 2;

    /** Hosts 1 to 254, all of them the target. */
    static final int LIVE = 3;

    /** The router's routes to these refuse packets. */
    static final int UNREACHABLE_ROUTE = 4;

    static final int PROHIBIT_ROUTE = 5;
    static final int BLACKHOLE_ROUTE = 6;
    static final int NO_ROUTE = 7;

    /** Without anything special; the tests that make routes and filters of their own use hosts of it. */
    static final int PLAYGROUND = 20;

    static final int ROUTER_HOST = 254;
    static final int PATH_MTU = 1400;

    static final String DEVICE = "np0";

    Namespace router;
    Namespace target;

    @Override
    public void beforeAll(ExtensionContext context) {
        Tools.require("ip", "unshare", "nsenter");
        router = Namespace.create();
        target = Namespace.create();
        build();
    }

    private static final String UNLIMITED_ERRORS = """
            cd /proc/sys/net
            echo 0 >ipv4/icmp_ratemask
            echo 0 >ipv6/icmp/ratelimit
            echo 254 >ipv6/icmp/ratemask
            """;

    private void build() {
        Namespace.OWN.run("ip link add np0 type veth peer name nr0; ip link set nr0 netns " + router.pid());
        router.run("ip link add nr1 type veth peer name nt0; ip link set nt0 netns " + target.pid());
        router.run("cd /proc/sys/net; echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding");
        router.run(UNLIMITED_ERRORS);
        // This host reports the neighbours that it looked for itself.
        Namespace.OWN.run(UNLIMITED_ERRORS);
        // An address must not wait for duplicate address detection; and it shall outlive "ip link set down".
        // IPv4 prefers the first address of an interface as a source, IPv6 the last.
        up(Namespace.OWN, "np0", 1500, "1.1", "1.2", "1::2", "1::1");
        up(router, "nr0", 1500, "1.254", "1::254");
        up(router, "nr1", PATH_MTU, "2.254", "2::254");
        up(target, "nt0", PATH_MTU, "2.1", "2::1");
        routeProber();
        router.run("ip addr add fe80::254/64 dev nr0 nodad");
        router.run("""
                ip -4 route add default via 198.18.2.1
                ip -6 route add default via 2001:2:0:2::1
                for kind in unreachable:4 prohibit:5 blackhole:6 throw:7; do
                    ip -4 route add ${kind%:*} 198.18.${kind#*:}.0/24
                    ip -6 route add ${kind%:*} 2001:2:0:${kind#*:}::/64
                done
                """);
        target.run("""
                ip link set lo up
                ip -4 route add default via 198.18.2.254
                ip -6 route add default via 2001:2:0:2::254
                ip -4 route add local 198.18.3.0/24 dev lo
                ip -6 route add local 2001:2:0:3::/64 dev lo
                """);
        for (Stack stack : Stack.values()) {
            awaitReply(stack, stack.address(TARGET_LINK, 1));
        }
    }

    private static void up(Namespace in, String device, int mtu, String... hosts) {
        StringBuilder script = new StringBuilder("echo 0 >/proc/sys/net/ipv6/conf/" + device + "/accept_dad\n"
                + "echo 1 >/proc/sys/net/ipv6/conf/" + device + "/keep_addr_on_down\n");
        for (String host : hosts) {
            boolean six = host.contains(":");
            script.append("ip addr add ")
                    .append(six ? "2001:2:0:" + host + "/64" : "198.18." + host + "/24")
                    .append(" dev ")
                    .append(device)
                    .append(six ? " nodad\n" : "\n");
        }
        in.run(script + "ip link set " + device + " mtu " + mtu + " up");
    }

    /** Makes the routes behind the router; they vanish with the prober's interface. */
    void routeProber() {
        Namespace.OWN.run("""
                ip -4 route replace 198.18.0.0/16 via 198.18.1.254
                ip -6 route replace 2001:2::/49 via 2001:2:0:1::254
                """);
    }

    /** Asks until a host answers, five seconds long. */
    static void awaitReply(Stack stack, InetAddress host) {
        EchoRequest request =
                EchoRequest.newBuilder(host).timeout(Duration.ofMillis(100)).build();
        EchoOutcome outcome = null;
        try (EchoRequester requester = stack.open()) {
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            do {
                outcome = requester.send(request);
            } while (!outcome.isReply() && System.nanoTime() - end < 0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(outcome).as("%s, %s", stack, host).isInstanceOf(EchoOutcome.Reply.class);
    }

    /** Also called when {@link #beforeAll} failed. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (target != null) {
            target.close();
        }
        if (router != null) {
            router.close();
            // The kernel clears a namespace some time after its last process; the pair of np0 goes with np0 at once.
            Namespace.OWN.run("ip link del np0 2>/dev/null || ! ip link show np0 2>/dev/null");
        }
    }
}
