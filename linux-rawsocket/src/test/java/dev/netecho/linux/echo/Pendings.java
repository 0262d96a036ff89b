// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoRequest;
import dev.netecho.testkit.backend.LoneEcho;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Requests that no engine has, for the tests of what an engine is made of. */
final class Pendings {
    private Pendings() {}

    static LoneEcho any() {
        return new LoneEcho(EchoRequest.to(address("127.0.0.1")));
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal + " is not a literal address", e);
        }
    }
}
