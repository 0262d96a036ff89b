// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isRefused;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.jna.Function;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LeakCheck;
import dev.netecho.linux.libc.ProcNet;
import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.testkit.cases.Covers;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread may have a network namespace of its own: unshare(2), setns(2). */
@InPrivateNamespace
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class TwoNamespacesTest {
    private static final int CLONE_NEWNET = 0x40000000;

    /** Its threads are made when they are first used, by the thread that uses them. */
    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @AfterEach
    void shutDown() {
        assertThat(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                .isTrue();
    }

    /** Raw sockets only: in a new namespace, nobody may open ping sockets. */
    @ParameterizedTest
    @EnumSource(names = {"RAW_IPV4", "RAW_IPV6"})
    @Covers(rules = "REQ-1")
    void aRequesterSendsInThatOfTheThreadThatOpenedIt(Stack stack) throws Exception {
        EchoRequest request = request(stack);
        try (EchoRequester here = stack.open()) {
            isReply(here.send(request), request);
            List<EchoOutcome> there = inNewNamespace(() -> {
                List<EchoOutcome> outcomes = new ArrayList<>();
                for (EchoRequester.Builder builder :
                        List.of(stack.builder(), stack.builder().option(NettyOptions.EVENT_LOOP_GROUP, group))) {
                    try (EchoRequester requester = builder.open()) {
                        outcomes.add(requester.send(request));
                        outcomes.add(requester.send(onALaterSocket(stack)));
                    }
                }
                return outcomes;
            });
            assertThat(there).as("loopback is down there").hasSize(4).hasOnlyElementsOfType(EchoOutcome.NotSent.class);
            isReply(here.send(request), request);
            isReply(here.send(onALaterSocket(stack)), request);
        }
    }

    /** Sockets that it opens later, such as each new identifier, would be in that of the loop's thread. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "REQ-1")
    void aLentLoopOfAnotherIsRefused(Stack stack) throws Exception {
        String loopIn = inNewNamespace(() -> group.submit(ProcNet::namespace).get(10, TimeUnit.SECONDS));
        assertThat(catchThrowableOfType(
                        EchoUnavailableException.class, () -> lent(stack).close()))
                .hasMessageContaining("is in the network namespace " + loopIn)
                .hasMessageContaining("is in " + ProcNet.namespace())
                .hasMessageContaining("lend a group");
    }

    /** The caller does not wait for the loop: here because of an interrupt, else because it is busy for long. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "REQ-1")
    void ifThatIsFoundTooLateTheRequestsSayIt(Stack stack) throws Exception {
        String loopIn = inNewNamespace(() -> group.submit(ProcNet::namespace).get(10, TimeUnit.SECONDS));
        CountDownLatch busy = new CountDownLatch(1);
        group.execute(() -> awaitUninterruptibly(busy));
        Thread.currentThread().interrupt();
        try (EchoRequester requester = lent(stack)) {
            assertThat(Thread.interrupted()).isTrue();
            CompletableFuture<EchoOutcome> early = requester.sendAsync(request(stack));
            busy.countDown();
            isRefused(early.get(30, TimeUnit.SECONDS), NotSentReason.OS_ERROR, loopIn, ProcNet.namespace());
            isRefused(requester.send(request(stack)), NotSentReason.OS_ERROR, loopIn, ProcNet.namespace());
        } finally {
            busy.countDown();
        }
    }

    private EchoRequester lent(Stack stack) throws EchoUnavailableException {
        return stack.builder().option(NettyOptions.EVENT_LOOP_GROUP, group).open();
    }

    private static EchoRequest request(Stack stack) {
        return to(Stack.literal(stack.either("127.0.0.1", "::1"))).build();
    }

    /** The loop's thread opens another socket for it. */
    private static EchoRequest onALaterSocket(Stack stack) {
        return to(Stack.literal(stack.either("127.0.0.1", "::1")))
                .options(EchoOptions.DEFAULT.withInterface("lo"))
                .build();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T inNewNamespace(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        assertThat(Function.getFunction("c", "unshare").invokeInt(new Object[] {CLONE_NEWNET}))
                                .isZero();
                        result.complete(task.call());
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                },
                "another namespace");
        thread.start();
        try {
            return result.get(30, TimeUnit.SECONDS);
        } finally {
            thread.join(10_000);
        }
    }
}
