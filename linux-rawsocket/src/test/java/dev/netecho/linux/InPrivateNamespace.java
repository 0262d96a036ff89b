// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.testkit.cases.Covers;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test sends packets and runs only in a network namespace of its own, which {@link PrivateNamespace} prepares.
 *
 * <p>There the process may open raw sockets, {@code lo} is up and ping sockets are open to everybody. What the test
 * covers, it covers for both providers, unless it or one of its parameters says otherwise.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PrivateNamespace.class)
@Covers(backends = {"linux-datagram", "linux-raw"})
public @interface InPrivateNamespace {}
