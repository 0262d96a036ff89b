// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.EchoUnavailableException;
import dev.netecho.linux.LeakCheck;
import dev.netecho.linux.LinuxPacketSweep;
import dev.netecho.linux.PrivateNamespace;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way {@code packet} against a far end that does what it likes. */
@ExtendWith(PrivateNamespace.class)
@Timeout(60)
final class PacketWayTest {
    private static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final String SMALL = "198.18.31.0/24";
    private static final String LARGE = "198.18.32.0/22";

    /** An IP header and eight bytes, the least that RFC 792 asks for; and all of it. */
    private static final int SHORT_QUOTE = 28;

    private static final int WHOLE_QUOTE = 84;

    private static final int FORGED_HOSTS = 64;
    private static final int FLOOD_RATE = 500_000;

    /** A second of it. */
    private static final int FLOOD = FLOOD_RATE;

    private static Sweep.Builder sweep(String range) {
        return Sweep.newBuilder(SweepTargets.of(range))
                .way(PacketWay.NAME)
                .rate(20_000)
                .coolDown(COOL_DOWN);
    }

    @Test
    void believesOnlyWhatAnswersItsProbes() throws Exception {
        Set<String> alive = new HashSet<>();
        AtomicInteger timed = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink(PacketWayTest::forge)) {
            SweepReport report = link.report(sweep(SMALL).listener(batch -> {
                for (int i = 0; i < batch.size(); i++) {
                    long roundTrip = batch.roundTripNanos(i);
                    assertThat(roundTrip).isLessThan(COOL_DOWN.toNanos());
                    if (batch.kind(i) == SweepBatch.Kind.REPLY) {
                        alive.add(batch.address(i).getHostAddress());
                        assertThat(roundTrip).isPositive();
                    } else if (batch.kind(i) == SweepBatch.Kind.ERROR) {
                        assertThat(batch.responder(i).getHostAddress()).isEqualTo("198.18.30.254");
                        timed.addAndGet(roundTrip > 0 ? 1 : 0);
                    }
                }
            }));
            assertThat(report.trouble()).isEmpty();
            assertThat(report.way()).isEqualTo(PacketWay.NAME);
            assertThat(report.answered()).isEqualTo(64);
            assertThat(report.duplicates()).hasValue(32);
            assertThat(report.errors()).isEqualTo(48);
            assertThat(report.silent()).isEqualTo(144);
            assertThat(report.packets()).isEqualTo(256);
            assertThat(alive).hasSize(64).contains("198.18.31.0", "198.18.31.31", "198.18.31.160");
            // The quote has the stamp, if it is long enough.
            assertThat(timed).hasValue(32);
        }
    }

    private static void forge(ScriptedLink link, ScriptedLink.Frame request) {
        int host = request.host();
        if (host < 32) {
            link.send(request.reply());
        } else if (host < 64) {
            link.send(request.reply().flippedToken());
        } else if (host < 96) {
            link.send(request.reply().flippedSource());
        } else if (host < 128) {
            link.send(request.reply().flippedStamp());
        } else if (host < 144) {
            link.send(request.reply().flippedSequence());
        } else if (host < 160) {
            link.send(request.reply().flippedIdentifier());
        } else if (host < 192) {
            link.send(request.reply());
            link.send(request.reply());
        } else if (host < 224) {
            link.send(request.unreachable(WHOLE_QUOTE));
        } else if (host < 240) {
            link.send(request.unreachable(SHORT_QUOTE));
        } else if (host < 248) {
            link.send(request.flippedSequence().unreachable(SHORT_QUOTE));
        } else if (host < 252) {
            link.send(request.flippedToken().unreachable(WHOLE_QUOTE));
        }
    }

    @Test
    void ignoresWhatComesAfterTheCoolDown() throws Exception {
        Duration coolDown = Duration.ofMillis(400);
        record Late(ScriptedLink.Frame frame, long nanos) {}

        Queue<Late> waiting = new ArrayDeque<>();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            long now = System.nanoTime();
            if (request.host() % 2 == 0) {
                far.send(request.reply());
            } else {
                waiting.add(new Late(request.reply(), now + 2 * coolDown.toNanos()));
            }
            while (!waiting.isEmpty() && waiting.peek().nanos <= now) {
                far.send(waiting.remove().frame);
            }
        })) {
            SweepReport report = link.report(sweep(SMALL).rate(150).coolDown(coolDown));
            assertThat(waiting).as("some were sent while the sweep ran").hasSizeLessThan(128);
            assertThat(report.answered()).isEqualTo(128);
            assertThat(report.silent()).isEqualTo(128);
        }
    }

    @Test
    void isUnsureOfSilentHostsWhileItsRingOverflows() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            for (int i = 0; request.host() != 77 && i < 40; i++) {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(SMALL)
                    .way(SmallRing.NAME)
                    .listener(batch -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20))));
            assertThat(report.answered() + report.unsure()).isEqualTo(256);
            assertThat(report.unsure()).isPositive();
            assertThat(report.silent()).isZero();
            assertThat(report.packets()).as("some were asked again").isGreaterThan(256);
        }
    }

    @Test
    void followsTheRouterToAnotherHardwareAddress() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                far.moveRouter();
            } else {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(2_000));
            assertThat(report.answered()).isEqualTo(1_024);
            assertThat(report.packets()).as("some went to the old address").isGreaterThan(1_024);
        }
    }

    @Test
    void noticesThatTheRouterMovedUnderTheLastProbes() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                far.moveRouter();
            } else {
                far.send(request.reply());
            }
        })) {
            // All are sent long before it looks at the router for the first time.
            SweepReport report = link.report(sweep(LARGE).rate(50_000));
            assertThat(report.answered()).isEqualTo(1_024);
            assertThat(report.silent()).isZero();
        }
    }

    @Test
    void asksTheKernelToFindTheRouter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            ScriptedLink.run("ip neigh del 198.18.30.254 dev sw0");
            ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
            Future<?> found = later.schedule(link::routes, 200, TimeUnit.MILLISECONDS);
            SweepReport report = link.report(sweep(SMALL));
            found.get();
            later.shutdown();
            assertThat(report.answered()).isEqualTo(256);
        }
    }

    @Test
    void outlastsALinkThatIsDownForAWhile() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                ScriptedLink.run("ip link set sw0 down; sleep 0.3; ip link set sw0 up");
                far.routes();
            } else {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(2_000));
            assertThat(report.trouble()).isEmpty();
            assertThat(report.answered()).isEqualTo(1_024);
        }
    }

    @Test
    void standsAFloodOfForgedReplies() throws Exception {
        // Odd hosts are silent, and somebody else answers for them with what they would answer, but for the token.
        ScriptedLink.Frame[] forged = new ScriptedLink.Frame[FORGED_HOSTS];
        AtomicInteger known = new AtomicInteger();
        ForgedFlood[] flood = new ForgedFlood[1];
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (request.host() % 2 == 0) {
                far.send(request.reply());
            } else if (known.get() < FORGED_HOSTS) {
                forged[known.get()] = request.reply().flippedToken();
                if (known.incrementAndGet() == FORGED_HOSTS) {
                    flood[0] = ForgedFlood.start(far, forged, FLOOD, FLOOD_RATE);
                }
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(2_000));
            double rate = flood[0].stop();
            System.out.printf(Locale.ROOT, "forged replies: %d, %.0f a second%n", flood[0].sent(), rate);
            assertThat(report.trouble()).isEmpty();
            assertThat(flood[0].sent()).isGreaterThan(FLOOD / 10);
            // A ring that overflows makes hosts unsure, and none silent that answered.
            assertThat(report.answered()).isBetween(512 - report.unsure(), 512L);
            assertThat(report.silent() + report.unsure()).isEqualTo(1_024 - report.answered());
            assertThat(report.silent()).isLessThanOrEqualTo(512);
            assertThat(report.duplicates()).hasValue(0);
            assertThat(report.errors()).isZero();
        }
    }

    @Test
    void refusesWhatIsNotBehindOneRouter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {})) {
            assertRefused("198.18.30.0/24", "is on a link of this host, not behind a router; use the way requester");
            assertRefused("198.19.0.0/24", "this host has no route to 198.19.0.0");
            assertRefused("198.18.31.0-198.18.36.0", "this host has no route to 198.18.36.0; use the way requester");
            assertRefused("2001:2::/120", "sends IPv4 only");
            link.addRoute("198.18.31.128/26 via 198.18.30.253");
            assertRefused(SMALL, "the route to 198.18.31.128/26 in table main leads to 198.18.30.253 on sw0");
        }
    }

    @Test
    void refusesWhatARuleMaySendElsewhere() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            // As VPNs do: a table of their own for some networks inside the range.
            link.addRoute("198.18.31.128/26 via 198.18.30.253 table 52");
            assertThat(link.report(sweep(SMALL)).answered())
                    .as("no rule names the table")
                    .isEqualTo(256);
            ScriptedLink.run("ip rule add lookup 52 pref 5270");
            try {
                assertRefused(
                        SMALL,
                        "the route to 198.18.31.128/26 in table 52 leads to 198.18.30.253 on sw0, and "
                                + "198.18.31.0 is behind 198.18.30.254 on sw0");
                ScriptedLink.run("ip route flush table 52");
                assertThat(link.report(sweep(SMALL)).answered())
                        .as("an empty table")
                        .isEqualTo(256);
                ScriptedLink.run("ip rule add to 198.18.31.64/26 prohibit pref 99");
                assertRefused(SMALL, "the rule 99 (ip rule)");
                ScriptedLink.run("ip rule del pref 99; ip rule add to 198.18.33.0/24 prohibit pref 99");
                assertThat(link.report(sweep(SMALL)).answered())
                        .as("a rule for others")
                        .isEqualTo(256);
            } finally {
                ScriptedLink.run("ip rule del pref 5270 || true; ip rule del pref 99 || true; ip route flush table 52");
            }
        }
    }

    /** As on AWS EKS, where each pod's address has a rule and a table. */
    @Test
    void aRuleThatIsForNoProbeDoesNotMatter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            link.addRoute("default via 198.18.30.253 table 2");
            ScriptedLink.run("ip rule add from 198.18.40.7 lookup 2 pref 511;"
                    + " ip rule add from 198.18.40.0/24 prohibit pref 512; ip rule add tos 0x10 lookup 2 pref 513;"
                    + " ip rule add ipproto tcp lookup 2 pref 514");
            try {
                assertThat(link.report(sweep(SMALL)).answered()).isEqualTo(256);
                ScriptedLink.run("ip rule add from 198.18.30.0/24 lookup 2 pref 515");
                assertRefused(SMALL, "the route to 0.0.0.0/0 in table 2 leads to 198.18.30.253 on sw0");
            } finally {
                ScriptedLink.run("for pref in 511 512 513 514 515; do ip rule del pref $pref || true; done");
            }
        }
    }

    @Test
    void anAddressOfThisHostAmongTheTargetsDoesNotMatter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            ScriptedLink.run(
                    "ip link set lo up; ip addr add 198.18.31.0/32 dev lo; ip addr add 198.18.31.77/32 dev lo");
            try {
                SweepReport report = link.report(sweep(SMALL));
                assertThat(report.answered()).isEqualTo(254);
                assertThat(report.refused()).isEqualTo(2);
                // Given alone it is asked, and the router does not lead there.
                assertThatExceptionOfType(EchoUnavailableException.class)
                        .isThrownBy(() -> Sweep.newBuilder(SweepTargets.of(SMALL, "198.18.31.77"))
                                .way("packet")
                                .start())
                        .withMessageContaining("the route to 198.18.31.77 in table local");
            } finally {
                ScriptedLink.run("ip addr del 198.18.31.0/32 dev lo; ip addr del 198.18.31.77/32 dev lo");
            }
        }
    }

    @Test
    void refusesRoutesWithAnotherSource() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            ScriptedLink.run("ip addr add 198.18.30.7/24 dev sw0");
            link.addRoute("198.18.31.64/26 via 198.18.30.254 src 198.18.30.1");
            assertThat(link.report(sweep(SMALL)).answered())
                    .as("the same, named and not")
                    .isEqualTo(256);
            link.addRoute("198.18.31.128/26 via 198.18.30.254 src 198.18.30.7");
            assertRefused(
                    SMALL,
                    "the route to 198.18.31.128/26 has the source 198.18.30.7, and "
                            + "198.18.31.0 is asked from 198.18.30.1");
            assertRefused(
                    "198.18.31.128/25", "the route to 198.18.31.192 has the source 198.18.30.1, and 198.18.31.128 is");
        }
    }

    @Test
    void aRedirectForOneAddressDoesNotMatter() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                far.send(request.to(ScriptedLink.LARGE).redirect(ScriptedLink.SECOND_ROUTER));
            }
            far.send(request.reply());
        })) {
            // The kernel takes a redirect to a router that it knows.
            ScriptedLink.run("ip neigh replace 198.18.30.253 lladdr 02:00:00:00:00:99 dev sw0 nud permanent");
            SweepReport report = link.report(sweep(LARGE).rate(1_000));
            ScriptedLink.run("ip route get 198.18.32.0 | grep 'via 198.18.30.253'");
            assertThat(report.trouble()).isEmpty();
            assertThat(report.answered()).isEqualTo(1_024);
            assertThat(link.report(sweep(LARGE)).answered())
                    .as("a sweep that begins after it")
                    .isEqualTo(1_024);
        }
    }

    @Test
    void asksARouterThatHasAnotherIpAddressNow() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 100) {
                ScriptedLink.run("ip route replace 198.18.32.0/22 via 198.18.30.253");
            }
            if (requests.get() < 100) {
                far.send(request.reply());
            }
        })) {
            link.learnRouter();
            SweepReport report = link.report(sweep(LARGE).rate(400));
            assertThat(report.trouble()).isEmpty();
            assertThat(report.answered()).isEqualTo(99);
            // It confirms its hardware address if it is asked: then silence is that of the hosts.
            assertThat(report.unsure()).isZero();
        }
    }

    @Test
    void refusesRoutesThatAreNotThroughOneRouter() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {})) {
            ScriptedLink.run("ip route replace 198.18.31.0/24 nexthop via 198.18.30.254 nexthop via 198.18.30.253");
            assertRefused(SMALL, "the route to 198.18.31.0/24 in table main leads to several routers, or a tunnel");
            link.routes();
            link.addRoute("blackhole 198.18.31.77");
            assertRefused(SMALL, "the route to 198.18.31.77 in table main leads to no router");
            ScriptedLink.run("ip route del blackhole 198.18.31.77");
            ScriptedLink.run("ip route add local 198.18.31.16/28 dev lo");
            assertRefused(SMALL, "the route to 198.18.31.16/28 in table local leads to no router");
            ScriptedLink.run("ip route del local 198.18.31.16/28 dev lo");
        }
    }

    @Test
    void endsWhenAPartGetsAnotherRouter() throws Exception {
        assertEndsAt(
                "ip route add 198.18.33.0/24 via 198.18.30.253",
                "ip route del 198.18.33.0/24",
                "the route to 198.18.33.0/24 in table main leads to 198.18.30.253 on sw0");
    }

    @Test
    void endsWhenARuleMaySendAPartElsewhere() throws Exception {
        assertEndsAt("ip rule add to 198.18.33.0/24 blackhole pref 77", "ip rule del pref 77", "the rule 77 (ip rule)");
    }

    /** Part of the range is not behind the link's router any more, 300 requests after the begin. */
    private static void assertEndsAt(String change, String undo, String why) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        AtomicBoolean changed = new AtomicBoolean();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                ScriptedLink.run(change);
                changed.set(true);
            }
            if (!changed.get() || (request.destination() >> 8 & 0xff) != 33) {
                far.send(request.reply());
            }
        })) {
            SweepReport report = link.report(sweep(LARGE).rate(1_000));
            ScriptedLink.run(undo);
            assertThat(report.complete()).isFalse();
            assertThat(report.trouble())
                    .hasValueSatisfying(
                            trouble -> assertThat(trouble).contains(why).endsWith("continue the sweep"));
            assertThat(report.silent()).as("all hosts are alive").isZero();
            assertThat(report.left()).isPositive();
        }
    }

    @Test
    void hearsAnswersThatComeByAnotherLink() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            link.answerByAnotherLink();
            SweepReport report = link.report(sweep(SMALL));
            assertThat(report.answered()).isEqualTo(256);
            assertThat(report.duplicates()).hasValue(0);
        }
    }

    @Test
    void findsARouterThatMovedWithoutAWord() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() == 300) {
                far.moveRouterSilently();
            } else {
                far.send(request.reply());
            }
        })) {
            link.learnRouter();
            SweepReport report = link.report(sweep(LARGE).rate(1_000));
            assertThat(report.answered()).isEqualTo(1_024);
            assertThat(report.silent()).isZero();
            assertThat(report.packets()).as("some went to the old address").isGreaterThan(1_024);
        }
    }

    @Test
    void isUnsureWhenTheRouterIsGone() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedLink link = new ScriptedLink((far, request) -> {
            if (requests.incrementAndGet() < 300) {
                far.send(request.reply());
            } else {
                far.leave();
            }
        })) {
            link.learnRouter();
            SweepReport report = link.report(sweep(LARGE).rate(20_000));
            assertThat(report.answered()).isEqualTo(299);
            assertThat(report.silent()).isZero();
            assertThat(report.unsure()).isEqualTo(1_024 - 299);
        }
    }

    @Test
    void refusesWhatAPolicyEncrypts() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            String others = "dst 198.18.33.0/24 dir out";
            String policy = "dst 198.18.31.64/26 dir out";
            String action = " tmpl src 198.18.30.1 dst 198.18.30.254 proto esp mode tunnel";
            ScriptedLink.run("ip xfrm policy add " + others + action + "; ip xfrm policy add " + policy);
            assertThat(link.report(sweep(SMALL)).answered())
                    .as("others, and in the clear")
                    .isEqualTo(256);
            ScriptedLink.run("ip xfrm policy update " + policy + action);
            assertRefused(SMALL, "an IPsec policy (ip xfrm policy) is for 198.18.31.64/26");
            ScriptedLink.run("ip xfrm policy update " + policy + " action block");
            assertRefused(SMALL, "an IPsec policy (ip xfrm policy) is for 198.18.31.64/26");
            ScriptedLink.run("ip xfrm policy flush");
        }
    }

    @Test
    void refusesWhatMayNotReadThePolicies() throws Exception {
        // The kernel may load what sets policies now.
        ScriptedLink.run("ip xfrm policy list");
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-net_admin",
                        "--inh-caps=-net_admin",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SweepProgram.class.getName(),
                        SMALL,
                        "1000",
                        "none",
                        "1000")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output)
                .contains("this process may not read the IPsec policies of this host")
                .contains("give the process CAP_NET_ADMIN; without it a requester sends the sweep");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void endsWhenAPolicyEncryptsAPart() throws Exception {
        assertEndsAt(
                "ip xfrm policy add dst 198.18.33.0/24 dir out tmpl proto esp mode transport",
                "ip xfrm policy flush",
                "an IPsec policy (ip xfrm policy) is for 198.18.33.0/24");
    }

    private static void assertRefused(String range, String why) {
        assertThatExceptionOfType(EchoUnavailableException.class)
                .isThrownBy(() -> sweep(range).start())
                .withMessageContaining(why);
    }

    @Test
    void releasesWhatItOpened() throws Exception {
        assertThat(new LinuxPacketSweep().availability().isAvailable()).isTrue();
        try (ScriptedLink link = new ScriptedLink((far, request) -> far.send(request.reply()))) {
            link.report(sweep(SMALL));
            LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
            for (int i = 0; i < 3; i++) {
                link.report(sweep(SMALL));
            }
            // Of the kinds that a sweep opens: the JVM has files of its own.
            LeakCheck.Snapshot after = LeakCheck.Snapshot.now();
            assertThat(after.isNotMoreThan(before))
                    .as("%s, then %s", before, after)
                    .isTrue();
        }
    }
}
