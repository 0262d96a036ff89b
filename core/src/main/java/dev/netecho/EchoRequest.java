// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One echo request: destination, source, payload, options and timeout.
 *
 * <p>Immutable, thread-safe and reusable: an agent builds it once per target and sends it as often as it likes. No name
 * is ever resolved here. Misuse throws at the call that makes it (SPEC REQ-3).
 */
public final class EchoRequest {
    /** The timeout when none is given: one second. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    private final InetAddress destination;
    private final @Nullable InetAddress source;
    private final EchoPayload payload;
    private final EchoOptions options;
    private final Duration timeout;
    private final long timeoutNanos;
    private final long destinationHigh;
    private final long destinationLow;
    private final int destinationScope;

    /** What this request asks of a backend; computed once, because agents send it again and again. */
    final RequestRules rules;

    private EchoRequest(Builder builder) {
        this.destination = builder.destination;
        this.source = builder.source;
        this.payload = builder.payload;
        this.options = builder.options;
        this.timeout = builder.timeout;
        this.timeoutNanos = (timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toNanos();
        this.rules = RequestRules.of(destination, source, options);
        ByteBuffer octets = ByteBuffer.wrap(destination.getAddress());
        boolean four = destination instanceof Inet4Address;
        this.destinationHigh = four ? 0 : octets.getLong();
        this.destinationLow = four ? octets.getInt() & 0xffffffffL : octets.getLong();
        this.destinationScope =
                destination instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
    }

    /**
     * {@return a request with {@link EchoPayload#DEFAULT}, {@link EchoOptions#DEFAULT} and a timeout of one second}
     *
     * @param destination the address to ask
     */
    public static EchoRequest to(InetAddress destination) {
        return newBuilder(destination).build();
    }

    /**
     * {@return a builder with the defaults of {@link #to}}
     *
     * @param destination the address to ask; an IPv6 link-local address needs its scope, no other has one (SPEC REQ-4),
     *     and an IPv4-mapped one is the IPv4 address in it
     */
    public static Builder newBuilder(InetAddress destination) {
        return new Builder(destination);
    }

    /** {@return the address that is asked} */
    public InetAddress destination() {
        return destination;
    }

    /**
     * {@return the upper half of an IPv6 destination as a big-endian number, 0 for IPv4; for backends, which need it
     * with every echo}
     */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** {@return the lower half of an IPv6 destination, or a whole IPv4 one, as a big-endian number; for backends} */
    public long destinationLow() {
        return destinationLow;
    }

    /** {@return the interface index of an IPv6 link-local destination (RFC 4007), else 0; for backends} */
    public int destinationScope() {
        return destinationScope;
    }

    /** {@return the version of IP that the destination belongs to, and the source with it} */
    public IpVersion version() {
        return rules.version();
    }

    /** {@return the address the request leaves from; empty if the system chooses} */
    public Optional<InetAddress> source() {
        return Optional.ofNullable(source);
    }

    /** {@return the data} */
    public EchoPayload payload() {
        return payload;
    }

    /** {@return the options} */
    public EchoOptions options() {
        return options;
    }

    /** {@return how long an answer may take, from the moment the request is handed to the operating system} */
    public Duration timeout() {
        return timeout;
    }

    /** {@return {@link #timeout()} in nanoseconds, at most 73 years} */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /**
     * {@return whether the other one asks the same: destination and source with their scopes, payload, options and
     * timeout}
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EchoRequest that
                && destination.equals(that.destination)
                && Objects.equals(source, that.source)
                // Inet6Address compares the octets only.
                && scope(destination) == scope(that.destination)
                && scope(source) == scope(that.source)
                && payload.equals(that.payload)
                && options.equals(that.options)
                && timeout.equals(that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(destination, source, payload, options, timeout);
    }

    private static int scope(@Nullable InetAddress address) {
        return address instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    @Override
    public String toString() {
        return "EchoRequest[destination=" + destination.getHostAddress() + ", source="
                + (source == null ? "any" : source.getHostAddress()) + ", payload=" + payload + ", options=" + options
                + ", timeout=" + timeout + "]";
    }

    /** Builds an {@link EchoRequest}. Not thread-safe. */
    public static final class Builder {
        private final InetAddress destination;
        private @Nullable InetAddress source;
        private EchoPayload payload = EchoPayload.DEFAULT;
        private EchoOptions options = EchoOptions.DEFAULT;
        private Duration timeout = DEFAULT_TIMEOUT;

        private Builder(InetAddress destination) {
            Objects.requireNonNull(destination, "destination");
            if (!(destination instanceof Inet4Address) && !(destination instanceof Inet6Address)) {
                throw new IllegalArgumentException("destination " + destination + " is neither IPv4 nor IPv6");
            }
            this.destination = unmapped(destination);
        }

        /**
         * SPEC REQ-4. {@link InetAddress#getByAddress(byte[])} makes an {@link Inet4Address} of an IPv4-mapped address;
         * the methods of {@link Inet6Address} do not. Sent over IPv6 it means nothing (RFC 4291, 2.5.5.2), and a live
         * host would look down.
         */
        private static InetAddress unmapped(InetAddress address) {
            if (address instanceof Inet4Address) {
                return address;
            }
            try {
                InetAddress plain = InetAddress.getByAddress(address.getAddress());
                return plain instanceof Inet4Address ? plain : address;
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e); // sixteen bytes are an address
            }
        }

        /**
         * Sets the address the request leaves from. Default: the system chooses. The unspecified address means the
         * same. An IPv6 link-local address needs its scope (SPEC REQ-7); the scope of any other address is ignored.
         *
         * @param source an address of this host, of the destination's family
         * @return this
         * @throws IllegalArgumentException if the families differ
         */
        public Builder source(InetAddress source) {
            Objects.requireNonNull(source, "source");
            InetAddress plain = unmapped(source);
            if ((plain instanceof Inet4Address) != (destination instanceof Inet4Address)) {
                throw new IllegalArgumentException("source " + source.getHostAddress() + " and destination "
                        + destination.getHostAddress() + " differ in family; both must be IPv4 or both IPv6");
            }
            this.source = plain.isAnyLocalAddress() ? null : plain; // SPEC REQ-5
            return this;
        }

        /**
         * Sets the data. Default: {@link EchoPayload#DEFAULT}, 56 bytes.
         *
         * @param payload the data
         * @return this
         */
        public Builder payload(EchoPayload payload) {
            this.payload = Objects.requireNonNull(payload, "payload");
            return this;
        }

        /**
         * Sets the options. Default: {@link EchoOptions#DEFAULT}.
         *
         * @param options the options
         * @return this
         */
        public Builder options(EchoOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets how long an answer may take. Default: {@link EchoRequest#DEFAULT_TIMEOUT}, one second.
         *
         * @param timeout a positive duration; there is no upper bound
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder timeout(Duration timeout) {
            Objects.requireNonNull(timeout, "timeout");
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("timeout is " + timeout + "; it must be positive");
            }
            this.timeout = timeout;
            return this;
        }

        /** {@return the request} */
        public EchoRequest build() {
            return new EchoRequest(this);
        }
    }
}
