// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.linux.host.HostAddresses;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Which requests share a socket. */
final class SocketKeyTest {
    private static final HostAddresses ADDRESSES = new HostAddresses(SocketSettings.DEFAULT);

    @AfterAll
    static void close() {
        ADDRESSES.close();
    }

    private static final EchoOptions WHOLE = EchoOptions.DEFAULT.withDontFragment(true);

    @Test
    void putsAllIpv4RequestsOfADatagramEngineTogetherButForDontFragment() {
        assertThat(datagram("127.0.0.1", null, EchoOptions.DEFAULT)).isSameAs(SocketKey.V4);
        assertThat(datagram("127.0.0.2", "127.0.0.9", EchoOptions.DEFAULT.withHopLimit(3)))
                .isSameAs(SocketKey.V4);
        SocketKey whole = datagram("127.0.0.1", null, WHOLE);
        assertThat(whole.dontFragment()).isTrue();
        assertThat(datagram("127.0.0.2", "127.0.0.9", WHOLE)).isSameAs(whole);
    }

    @Test
    void givesEachIpv6SourceOfADatagramEngineASocketOfItsOwn() {
        SocketKey any = datagram("::1", null, EchoOptions.DEFAULT);
        SocketKey one = datagram("::1", "::1", EchoOptions.DEFAULT);
        SocketKey two = datagram("::1", "fd00::2", EchoOptions.DEFAULT);

        assertThat(any).isSameAs(SocketKey.V6);
        assertThat(one).isNotEqualTo(any).isNotEqualTo(two).isEqualTo(datagram("::1", "::1", EchoOptions.DEFAULT));
        assertThat(one.boundSource()).hasToString("0:0:0:0:0:0:0:1");
        assertThat(datagram("::1", "::1", WHOLE)).isNotEqualTo(one);
    }

    @Test
    void hasOneSocketPerFamilyInARawEngine() {
        for (EchoOptions options : new EchoOptions[] {EchoOptions.DEFAULT, WHOLE}) {
            assertThat(SocketKey.of(request("127.0.0.1", "127.0.0.9", options), SocketKind.RAW, ADDRESSES))
                    .isSameAs(SocketKey.V4);
            assertThat(SocketKey.of(request("::1", "fd00::2", options), SocketKind.RAW, ADDRESSES))
                    .isSameAs(SocketKey.V6);
        }
        assertThat(SocketKey.V6.version()).isEqualTo(IpVersion.V6);
    }

    @Test
    void givesEachInterfaceAndMarkASocketOfItsOwn() {
        EchoOptions named = EchoOptions.DEFAULT.withInterface("an0");
        EchoOptions marked = EchoOptions.DEFAULT.withMark(0);
        for (SocketKind kind : SocketKind.values()) {
            for (String host : new String[] {"127.0.0.1", "::1"}) {
                SocketKey plain = SocketKey.of(request(host, null, EchoOptions.DEFAULT), kind, ADDRESSES);
                SocketKey other = SocketKey.of(request(host, null, named), kind, ADDRESSES);
                assertThat(other)
                        .isEqualTo(SocketKey.of(request(host, null, named), kind, ADDRESSES))
                        .isNotEqualTo(plain)
                        .isNotEqualTo(SocketKey.of(request(host, null, marked), kind, ADDRESSES));
                assertThat(other.isOneOfMany()).isTrue();
                assertThat(plain.isOneOfMany()).isFalse();
            }
        }
    }

    private static SocketKey datagram(String destination, String source, EchoOptions options) {
        return SocketKey.of(request(destination, source, options), SocketKind.DATAGRAM, ADDRESSES);
    }

    private static EchoRequest request(String destination, String source, EchoOptions options) {
        EchoRequest.Builder builder =
                EchoRequest.newBuilder(Pendings.address(destination)).options(options);
        return source == null
                ? builder.build()
                : builder.source(Pendings.address(source)).build();
    }
}
