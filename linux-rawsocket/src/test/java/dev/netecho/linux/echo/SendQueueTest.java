// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.backend.SendPace;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request for which no socket can be opened. */
final class SendQueueTest {
    @Test
    void saysThatTooManySocketsAreOpen() {
        EchoOutcome.NotSent refusal = refusal(new NoMoreSocketsException(SocketSet.MAX_SOCKETS));
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(refusal.detail())
                .contains("all " + SocketSet.MAX_SOCKETS + " sockets")
                .contains("fewer sources of IPv6, interfaces or marks");
    }

    @Test
    void saysWhichCallTheSystemRefused() {
        EchoOutcome.NotSent refusal =
                refusal(new SystemCallException("socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)", Errno.EMFILE));
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(refusal.osError()).hasValue(Errno.EMFILE);
        assertThat(refusal.detail()).contains("SOCK_DGRAM").contains("EMFILE");
    }

    @ParameterizedTest
    @CsvSource({Errno.EACCES + ",NOT_PERMITTED", Errno.EPERM + ",NOT_PERMITTED", Errno.ENOSYS + ",OS_ERROR"})
    void saysWhatToDoAboutADenial(int errno, NotSentReason reason) {
        EchoOutcome.NotSent refusal = refusal(new SystemCallException("socket(AF_INET)", errno), "do this");
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.osError()).hasValue(errno);
        assertThat(refusal.detail()).contains("socket(AF_INET)").endsWith("; do this");
    }

    @Test
    void saysWhatElseWentWrong() {
        EchoOutcome.NotSent refusal = refusal(new IllegalStateException("the event loop cannot watch the descriptor"));
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(refusal.detail()).contains("cannot watch the descriptor");
    }

    /** As where no descriptor is left to read a class from a folder. */
    @Test
    void saysThatAClassIsMissingAndDoesNotKeepTheRequest() {
        EchoOutcome.NotSent refusal = refusal(new NoClassDefFoundError("dev/netecho/linux/socket/Some"));
        assertThat(refusal.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(refusal.detail()).contains("no socket could be opened").contains("NoClassDefFoundError");
    }

    /** SPEC OUT-4, PRO-4: a source is asked for anew, a shortage is not. */
    @ParameterizedTest
    @CsvSource({
        Errno.EADDRNOTAVAIL + ",true",
        Errno.ENODEV + ",true",
        Errno.EINVAL + ",true",
        Errno.EMFILE + ",false",
        Errno.ENFILE + ",false",
        Errno.ENOMEM + ",false",
        Errno.ENOBUFS + ",false"
    })
    void triesAgainWithinAMillisecondUnlessThereIsAShortage(int errno, boolean soon) {
        try (Parts parts = new Parts()) {
            SendQueue queue = parts.queue(SocketKey.V6);
            int tries = 0;
            long start = System.nanoTime();
            long failed = 0;
            long begun;
            do { // the last try begins late enough, however long this thread was stopped
                begun = System.nanoTime();
                queue.enqueue(Pendings.any());
                if (queue.mayGrow()) {
                    tries++;
                    queue.failedToGrow(new SystemCallException("bind(2001:2::1, 0)", errno), "");
                    failed = failed == 0 ? System.nanoTime() : failed;
                }
                assertThat(queue.removeStuckHead()).isTrue();
            } while (begun - failed <= 5_000_000);
            long most = (System.nanoTime() - start) / (soon ? 1_000_000 : 1_000_000_000) + 1;
            assertThat(tries).isBetween(soon ? 2 : 1, Math.toIntExact(most));
        }
    }

    private static EchoOutcome.NotSent refusal(Throwable failure) {
        return refusal(failure, "");
    }

    private static EchoOutcome.NotSent refusal(Throwable failure, String remedy) {
        LoneEcho echo = Pendings.any();
        try (Parts parts = new Parts()) {
            SendQueue queue = parts.queue(SocketKey.V4);
            queue.enqueue(echo);
            assertThat(queue.turn()).isFalse();
            assertThat(queue.isStuck()).isTrue();
            assertThat(queue.mayGrow()).isTrue();
            queue.failedToGrow(failure, remedy);
            assertThat(queue.removeStuckHead()).isTrue();
            assertThat(queue.isIdle()).isTrue();
        }
        return (EchoOutcome.NotSent) echo.outcome().join();
    }

    /** What a queue works with, without a loop. */
    private static final class Parts implements AutoCloseable {
        private final Outcomes outcomes = new Outcomes(new LoopState("test"));
        private final HostAddresses addresses = new HostAddresses(SocketSettings.DEFAULT);
        private final EchoReceiver receiver = new EchoReceiver(outcomes, SocketKind.DATAGRAM);
        private final EchoSender sender = new EchoSender(
                outcomes,
                new SubmissionStack(),
                SendPace.of(new EchoConfig("send-queue-test", Map.of(), new StrayCounts()), 0),
                addresses);

        SendQueue queue(SocketKey key) {
            return new SendQueue(
                    key, SocketKind.DATAGRAM, sender, receiver, new Timeouts(receiver, outcomes), addresses, outcomes);
        }

        @Override
        public void close() {
            sender.close();
            receiver.close();
            addresses.close();
        }
    }
}
