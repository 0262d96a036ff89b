// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hops to a target on the page, in Chromium and the network lab. */
@LabTest
@Timeout(120)
class PageTraceTest {
    @TempDir
    Path folder;

    @Test
    void theWayToATargetIsShownOnDemand(Lab lab) throws Exception {
        PageTest.assumeChromium();
        try (EchoRequester requester = EchoRequester.newBuilder().name("agent").open();
                RunningAgent running = new RunningAgent(requester, folder, "targets: [198.18.10.7]");
                Browser browser = new Browser(folder.resolve("chromium"))) {
            browser.call("Page.navigate", "{\"url\":\"http://127.0.0.1:" + running.port() + "/\"}");
            browser.await(PageTest.element("shown") + ".textContent", "1 of 1 targets");
            browser.key("ArrowDown");
            browser.key("Enter");
            browser.await(PageTest.element("name") + ".textContent", "198.18.10.7");
            assertThat(browser.evaluate("document.querySelectorAll('#hops tr').length"))
                    .isEqualTo("0");
            browser.key("t");
            browser.await("document.querySelector('#hops p')?.textContent", "End: reached");
            String numbers =
                    "[...document.querySelectorAll('#hops tr')].map(row => row.children[0].textContent).join()";
            assertThat(browser.evaluate(numbers)).isEqualTo("Hop,1,2,3,4,5,6,7");
            assertThat(browser.evaluate("[...document.querySelectorAll('#hops tr')].pop().children[1].textContent"))
                    .isEqualTo("198.18.10.7");
            assertThat(browser.evaluate("[...document.querySelectorAll('#hops tr')].pop().children[2].textContent"))
                    .isEqualTo("3/3");
            assertThat(browser.complaints).isEmpty();
        }
    }
}
