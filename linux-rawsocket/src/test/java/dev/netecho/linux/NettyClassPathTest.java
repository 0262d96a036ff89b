// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A requester on its own event loop needs no Netty, and does not mind which one is there. */
@InPrivateNamespace
@Timeout(180)
final class NettyClassPathTest {
    private static final Predicate<String> NO_NETTY = ChildJvm.without("netty-");
    private static final String[] REPLIES = {
        "provider linux-datagram", "127.0.0.1 reply", "::1 reply", "thread java.lang.Thread"
    };

    @Test
    void opensWithoutNetty() throws Exception {
        ChildJvm.Result child = ChildJvm.run(List.of(), NO_NETTY, OpenProgram.class.getName());
        assertThat(child.output()).contains(REPLIES);
        assertThat(child.status()).isZero();
    }

    @Test
    void opensWithNetty41() throws Exception {
        ChildJvm.Result child = ChildJvm.runWith(netty41(), NO_NETTY, OpenProgram.class.getName());
        assertThat(child.output()).contains(REPLIES);
        assertThat(child.status()).isZero();
    }

    @Test
    void loadsNoClassThatNeedsNetty() throws Exception {
        ChildJvm.Result child =
                ChildJvm.run(List.of(), ChildJvm.everything(), "-Xlog:class+load", OpenProgram.class.getName());
        assertThat(child.output())
                .contains(REPLIES)
                .contains("dev.netecho.linux.loop.EpollLoop ")
                .doesNotContain("io.netty.", "dev.netecho.linux.netty.");
    }

    @Test
    void aLentGroupOfNetty41IsRefusedWithItsVersion() throws Exception {
        ChildJvm.Result child = ChildJvm.runWith(netty41(), NO_NETTY, LendProgram.class.getName());
        assertThat(child.output())
                .startsWith("unavailable: ")
                .contains("io.netty.channel.DefaultEventLoopGroup", "netty-transport 4.1.")
                .contains("lend one of Netty 4.2.7 or newer", "remedy: ");
        assertThat(child.status()).isZero();
    }

    private static List<Path> netty41() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("netecho.test.netty41")))) {
            List<Path> all = jars.toList();
            assertThat(all).hasSize(6).allMatch(jar -> jar.toString().contains("-4.1."));
            return all;
        }
    }
}
