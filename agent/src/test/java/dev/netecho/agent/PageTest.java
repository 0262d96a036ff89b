// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.NotSentReason;
import java.lang.reflect.Field;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in Chromium. */
@Timeout(120)
class PageTest {
    private static final int MANY = 5_000;

    private final FakeRequester requester = new FakeRequester();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        requester.close();
    }

    static void assumeChromium() {
        String why = Browser.CHROMIUM + " is missing: run .ci/tools";
        assertThat(Files.exists(Browser.CHROMIUM) || !Boolean.getBoolean("netecho.ci"))
                .as(why)
                .isTrue();
        Assumptions.assumeTrue(Files.exists(Browser.CHROMIUM), why);
    }

    static String element(String id) {
        return "document.getElementById('" + id + "')";
    }

    /** {@return the texts of a column of the rows that can be seen, from the top} */
    private static String column(int index) {
        return "[...document.querySelectorAll('.row:not([hidden])')].sort((a, b) => parseInt(a.style.top)"
                + " - parseInt(b.style.top)).slice(0, 4).map(row => row.children[" + index + "].textContent).join('|')";
    }

    @Test
    void thePageShowsUpdatesFiltersAndEscapes() throws Exception {
        assumeChromium();
        StringBuilder yaml = new StringBuilder("interval: 2s\ndown_after: 1\ntargets:\n");
        yaml.append("  - targets: [192.0.2.1, 192.0.2.2, 192.0.2.3]\n");
        yaml.append("    labels: {site: \"<img src=x onerror=hacked=1>\", role: '\\\"><script>hacked=1</script>'}\n");
        yaml.append("  - targets:\n");
        for (int i = 0; i < MANY; i++) {
            yaml.append("      - 10.")
                    .append(i >> 8 & 255)
                    .append(".0.")
                    .append(i & 255)
                    .append('\n');
        }
        requester
                .end("192.0.2.1", FakeRequester.timedOut(false))
                .end("192.0.2.2", FakeRequester.timedOut(true))
                .end("192.0.2.3", NotSent.because(NotSentReason.NO_ROUTE, "no route to <b>it</b>"));
        try (RunningAgent running = new RunningAgent(requester, folder, yaml.toString());
                Browser browser = new Browser(folder.resolve("chromium"))) {
            browser.call("Page.navigate", "{\"url\":\"http://127.0.0.1:" + running.port() + "/\"}");
            String all = MANY + 3 + " of " + (MANY + 3) + " targets";
            browser.await(element("shown") + ".textContent", all);
            browser.await(element("live") + ".textContent", "live");
            // Worst first; what this host lost or did not send is unknown, never down.
            browser.await(column(0), "down|unknown|unknown|up");
            assertThat(browser.evaluate(column(1))).startsWith("192.0.2.1|192.0.2.2|192.0.2.3|10.");
            assertThat(browser.evaluate(column(5))).startsWith("silent|local drops suspected|no route|");
            assertThat(browser.evaluate(element("totals") + ".textContent"))
                    .startsWith("1 down 2 unknown " + MANY + " up");
            assertThat(browser.evaluate("document.querySelectorAll('.row').length < 60"))
                    .isEqualTo("true");
            assertThat(browser.evaluate("document.querySelector('.row').children[2].textContent"))
                    .contains("<img src=x");
            assertThat(browser.evaluate("typeof hacked + document.querySelectorAll('img').length"))
                    .isEqualTo("undefined0");

            // Live: the host answers again, and the page says so without being loaded anew.
            requester.forget("192.0.2.1");
            browser.await(column(0), "unknown|unknown|up|up");

            browser.key("/");
            browser.evaluate("(" + element("filter") + ".value = '10.19. 0.13', " + element("filter")
                    + ".dispatchEvent(new Event('input')))");
            browser.await(element("shown") + ".textContent.split(' ')[0] < 30", "true");
            browser.evaluate("(" + element("filter") + ".value = '192.0.2.3', " + element("filter")
                    + ".dispatchEvent(new Event('input')))");
            browser.await(element("shown") + ".textContent", "1 of " + (MANY + 3) + " targets");
            browser.await("[...document.querySelectorAll('.row')].filter(row => row.offsetParent).length", "1");

            // By keyboard: choose, open, close.
            browser.key("Escape");
            browser.key("ArrowDown");
            browser.key("Enter");
            browser.await(element("name") + ".textContent", "192.0.2.3");
            browser.await("document.querySelectorAll('#plot canvas').length", "1");
            assertThat(browser.evaluate(element("facts") + ".textContent")).contains("no route to <b>it</b>");
            browser.key("Escape");
            browser.await(element("detail") + ".hidden", "true");

            browser.evaluate("(" + element("filter") + ".value = '', " + element("filter")
                    + ".dispatchEvent(new Event('input')))");
            browser.await(element("shown") + ".textContent", all);
            browser.key("End");
            browser.await("document.querySelector('.chosen') !== null", "true");
            String light = browser.evaluate("getComputedStyle(document.body).backgroundColor");
            browser.call(
                    "Emulation.setEmulatedMedia",
                    "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"dark\"}]}");
            assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isNotEqualTo(light);
            browser.call(
                    "Emulation.setDeviceMetricsOverride",
                    "{\"width\":390,\"height\":800,\"deviceScaleFactor\":1,\"mobile\":true}");
            assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo("390");
            assertThat(browser.complaints).isEmpty();
        }
    }

    /** Also draws docs/agent-page.png, as target/agent-page.png: made-up hosts, on the real page. */
    @Test
    void thePageDrawsTheLastHour() throws Exception {
        assumeChromium();
        String[] hosts = {"192.0.2.1", "192.0.2.17", "198.51.100.4", "198.51.100.9", "203.0.113.20", "203.0.113.80"};
        StringBuilder yaml = new StringBuilder("interval: 300ms\ndown_after: 1\ntargets:\n");
        for (int i = 0; i < hosts.length; i++) {
            yaml.append("  - targets: [").append(hosts[i]).append("]\n    labels: {site: ");
            yaml.append(i < 2 ? "berlin" : i < 4 ? "lisbon" : "tallinn").append(", role: ");
            yaml.append(i % 2 == 0 ? "router" : "server").append("}\n");
        }
        requester
                .end(hosts[1], FakeRequester.timedOut(false))
                .end(hosts[4], NotSent.because(NotSentReason.NO_ROUTE, "no route to it"));
        try (RunningAgent running = new RunningAgent(requester, folder, yaml.toString());
                Browser browser = new Browser(folder.resolve("chromium"))) {
            running.await("/targets", text -> text.split("\"outcome\"", -1).length > hosts.length);
            for (TargetState target : running.targets()) {
                lastHour(target, Arrays.asList(hosts).indexOf(target.spec().host()));
            }
            browser.call(
                    "Emulation.setDeviceMetricsOverride",
                    "{\"width\":1000,\"height\":366,\"deviceScaleFactor\":1,\"mobile\":false}");
            browser.call("Page.navigate", "{\"url\":\"http://127.0.0.1:" + running.port() + "/\"}");
            browser.await(element("live") + ".textContent", "live");
            browser.await(column(0), "down|unknown|up|up");
            // A bar for each minute of the hour.
            browser.await(
                    "[...document.querySelectorAll('.row:not([hidden]) canvas')].filter(canvas => "
                            + "canvas.getContext('2d').getImageData(0, 0, 8, 28).data.some(v => v)).length > 3",
                    "true");
            Path picture = Path.of("target/agent-page.png");
            browser.screenshot(picture);
            assertThat(Files.size(picture)).isBetween(10_000L, 80_000L);
            assertThat(browser.complaints).isEmpty();
        }
    }

    /** Has a target look back on an hour, of which the tests cannot wait for. */
    private static void lastHour(TargetState target, int number) throws ReflectiveOperationException {
        Field field = TargetState.class.getDeclaredField("history");
        field.setAccessible(true);
        History history = (History) field.get(target);
        long now = History.minute(System.nanoTime());
        synchronized (target) {
            for (int i = History.MINUTES - 1; i >= 0; i--) {
                for (int round = 0; round < 12; round++) {
                    int wave = (i * 37 + round * 11 + number * 53) % 19;
                    OutcomeKind kind = OutcomeKind.REPLY;
                    if ((number == 1 && i < 7) || (number == 3 && i % 23 == 4 && round < 2)) {
                        kind = OutcomeKind.SILENT;
                    } else if ((number == 4 && i < 12) || (number == 2 && i == 40)) {
                        kind = OutcomeKind.LOCAL_DROPS;
                    }
                    int shifted = number == 5 && i < 25 ? 3 : 1;
                    history.add(now - i, kind, shifted * (800 * (number + 1) + 60 * wave * (wave % 5)));
                }
            }
        }
    }

    @Test
    void thePageTakesNothingFromElsewhere() throws Exception {
        try (RunningAgent running = new RunningAgent(requester, folder, "targets: [127.0.0.1]")) {
            HttpResponse<String> page = running.get("/");
            assertThat(page.headers().firstValue("content-security-policy")).contains(Page.SECURITY_POLICY);
            assertThat(page.body()).doesNotContain("http:", "https:", "style=", "onclick=");
            for (String file :
                    new String[] {"page.js", "page.css", "uPlot.iife.min.js", "uPlot.min.css", "uPlot.LICENSE"}) {
                assertThat(running.get("/page/" + file).statusCode()).as(file).isEqualTo(200);
            }
            assertThat(running.get("/page/../agent.yml").statusCode()).isIn(400, 404);
            assertThat(running.get("/page/target?id=0").statusCode()).isEqualTo(404);
            assertThat(running.post("/page/trace?id=1").statusCode()).isEqualTo(403);
        }
    }
}
