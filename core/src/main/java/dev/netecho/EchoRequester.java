// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoRequesterProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends ICMP echo requests (RFC 792, RFC 4443) and reports what came back.
 *
 * <p>Thread-safe. One requester is enough for a whole agent: by default it has one engine thread and a few sockets,
 * however many hosts are watched. Every accepted request gets exactly one {@link EchoOutcome}.
 *
 * <pre>{@code
 * try (EchoRequester requester = EchoRequester.open()) {
 *     EchoOutcome outcome = requester.send(EchoRequest.to(address));
 * }
 * }</pre>
 */
public interface EchoRequester extends AutoCloseable {
    /**
     * {@return a requester with all defaults}
     *
     * @throws EchoUnavailableException if no backend can run here; the message says why and what to do
     */
    static EchoRequester open() throws EchoUnavailableException {
        return newBuilder().open();
    }

    /** {@return a builder with all defaults} */
    static Builder newBuilder() {
        return new Builder();
    }

    /**
     * Sends a request and waits for its outcome. If {@link Builder#maxOutstanding} is reached it first waits for its
     * turn, in no particular order; that time is part of neither timeout nor round trip.
     *
     * @param request what to send
     * @return the outcome
     * @throws InterruptedException if the thread is interrupted; the request is then cancelled
     * @throws IllegalStateException if called on the engine's thread, which would deadlock
     */
    EchoOutcome send(EchoRequest request) throws InterruptedException;

    /**
     * Sends a request; never blocks.
     *
     * @param request what to send
     * @return a future that completes with the outcome, normally on the engine's thread (dependent actions are bound by
     *     the rules of {@link EchoListener}). It never completes exceptionally unless the caller does that;
     *     {@code cancel}, or any other completion by the caller, frees the request's slot at once. On the engine's
     *     thread, waiting for it or for a stage that depends on it throws {@link IllegalStateException} unless it is
     *     done.
     */
    CompletableFuture<EchoOutcome> sendAsync(EchoRequest request);

    /**
     * Sends a request; never blocks and makes no future, for agents with many thousands of requests in flight.
     *
     * @param request what to send
     * @param listener gets the outcome, exactly once; it may be called before this method returns
     * @return the request, to cancel it; callers that never do may ignore it
     */
    EchoHandle sendAsync(EchoRequest request, EchoListener listener);

    /** {@return what was counted since opening} */
    EchoStatistics statistics();

    /** {@return what this backend can do on this host; fixed for the life of the requester} */
    Set<EchoCapability> capabilities();

    /**
     * {@return the name of this requester, see {@link Builder#name}} It begins its log lines and the names of its
     * threads, and {@code toString} has it.
     */
    String name();

    /** {@return the name of the provider in use, such as {@code "linux-datagram"}} */
    String provider();

    /** {@return whether it takes requests: false once {@link #close} was called; true by default} */
    default boolean isOpen() {
        return true;
    }

    /**
     * Fails if waiting on the calling thread would wait for ever. It is for code that waits for several requests in a
     * way of its own; {@link #send} and the futures of {@link #sendAsync(EchoRequest)} do this by themselves. By
     * default it does nothing.
     *
     * @param call what the caller is about to do, such as {@code "join()"}; the message names it
     * @throws IllegalStateException on the engine's thread, which delivers the outcomes
     */
    default void checkMayWait(String call) {}

    /**
     * Completes every outstanding request with {@link NotSentReason#CLOSED} and releases threads, descriptors and
     * native memory.
     *
     * <p>A listener that blocks the engine's thread does not hold up the outcomes of other requests. If a
     * {@link Builder#listenerExecutor} was given outcomes and has not run them, because it is slow or dropped them, a
     * thread named {@code netecho-deliveries} delivers them. A task that the executor runs later has no effect. Up to
     * 512 listeners of a requester may block such threads; what is left waits for one of them to return.
     *
     * <p>Idempotent; may be called from any thread, a listener included. Unless it is called on the engine's thread, it
     * returns when everything is released, or after five seconds with a warning in the log. Requests given later end
     * with {@link NotSentReason#CLOSED}.
     *
     * <p>A requester that nothing refers to any more is closed too, some time after its last request has its outcome. A
     * warning in the log names it. With the system property {@code netecho.traceOpen=true} the warning has the stack of
     * the call that opened it.
     */
    @Override
    void close();

    /** Configures and opens an {@link EchoRequester}. Not thread-safe. */
    final class Builder {
        static final int DEFAULT_MAX_OUTSTANDING = 262_144;
        static final int LARGEST_MAX_OUTSTANDING = 1 << 22;
        static final int LARGEST_MAX_RATE = 10_000_000;
        static final int LONGEST_NAME = 64;
        private static final String PUNCTUATION = "-._:/";

        final Map<EchoOption<?>, Object> options = new HashMap<>();

        @Nullable
        EchoRequesterProvider provider;

        @Nullable
        String providerName;

        /** Null for a name with the next number. */
        @Nullable
        String name;

        @Nullable
        Executor listenerExecutor;

        int maxOutstanding = DEFAULT_MAX_OUTSTANDING;

        /** 0 for unlimited. */
        int maxRate;

        Builder() {}

        /**
         * Uses this provider and no other. Default: the look-up described in {@link EchoRequesterProvider}.
         *
         * @param provider the provider
         * @return this
         */
        public Builder provider(EchoRequesterProvider provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /**
         * Uses the provider of this name and no other, like the system property {@code netecho.provider}.
         *
         * @param name the name, such as {@code "linux-raw"}
         * @return this
         */
        public Builder provider(String name) {
            this.providerName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Names the requester, for its log lines and the names of its threads. Two may have the same name. Default:
         * {@code icmp-echo-1} and so on, a different number for each requester of the process.
         *
         * <p>On {@code linux-raw}, requesters that share sockets share a thread and its log lines: these have the name
         * of the first.
         *
         * @param name 1 to 64 letters, digits and characters of {@code -._:/}
         * @return this
         * @throws IllegalArgumentException if it is empty, too long, or has other characters
         */
        public Builder name(String name) {
            Objects.requireNonNull(name, "name");
            if (name.isEmpty() || name.length() > LONGEST_NAME || !name.chars().allMatch(Builder::mayBeInName)) {
                throw new IllegalArgumentException("name is \"" + name + "\"; it must be 1 to " + LONGEST_NAME
                        + " letters, digits and characters of " + PUNCTUATION);
            }
            this.name = name;
            return this;
        }

        /** What cannot break a log line, or hide in one. */
        private static boolean mayBeInName(int character) {
            return Character.isLetterOrDigit(character) || PUNCTUATION.indexOf(character) >= 0;
        }

        /**
         * Bounds the outstanding requests: those queued and those in flight together. One more ends with
         * {@link NotSentReason#OVERLOADED} at once, or waits in {@link EchoRequester#send}. Default: 262,144.
         *
         * @param maxOutstanding 1 to 4,194,304
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder maxOutstanding(int maxOutstanding) {
            if (maxOutstanding < 1 || maxOutstanding > LARGEST_MAX_OUTSTANDING) {
                throw new IllegalArgumentException(
                        "maxOutstanding is " + maxOutstanding + "; it must be 1 to " + LARGEST_MAX_OUTSTANDING);
            }
            this.maxOutstanding = maxOutstanding;
            return this;
        }

        /**
         * Bounds how many requests are handed to the system in a second, at even intervals; the others wait in the
         * queue, which is part of neither timeout nor round trip. Default: unlimited. On {@code linux-raw}, a requester
         * with a bound shares no sockets.
         *
         * @param requestsPerSecond 1 to 10,000,000
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder maxRate(int requestsPerSecond) {
            if (requestsPerSecond < 1 || requestsPerSecond > LARGEST_MAX_RATE) {
                throw new IllegalArgumentException(
                        "maxRate is " + requestsPerSecond + " a second; it must be 1 to " + LARGEST_MAX_RATE);
            }
            this.maxRate = requestsPerSecond;
            return this;
        }

        /**
         * Runs listeners on this executor. Default: on the engine's thread. If it rejects a task the listener runs on
         * the thread that has the outcome. Once the requester is closed, other threads run what the executor has not:
         * see {@link EchoRequester#close}. They also run what an executor has dropped, as {@code shutdownNow} does,
         * once the garbage collector has noticed that nothing refers to the task any more.
         *
         * <p>{@link Executor#execute} is called on the engine's thread and should not block: it would delay all
         * outcomes, those of {@code send} included, until it returns or the requester closes.
         *
         * @param executor runs listeners; futures are completed by it too
         * @return this
         */
        public Builder listenerExecutor(Executor executor) {
            this.listenerExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets an option of a backend; the others ignore it.
         *
         * @param option the key
         * @param value the value
         * @param <T> the type of the value
         * @return this
         */
        public <T> Builder option(EchoOption<T> option, T value) {
            options.put(option, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return an open requester}
         *
         * @throws EchoUnavailableException if no backend can run here; the message says why and what to do
         */
        public EchoRequester open() throws EchoUnavailableException {
            return ProviderLookup.open(this);
        }
    }
}
