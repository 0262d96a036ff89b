// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

/**
 * The backend that one invocation of a test is about.
 *
 * <p>Implemented by what parameterizes tests over several backends. {@link Covers} finds it among the arguments of the
 * test method and in the fields of the test class.
 */
public interface TestedBackend {
    /** {@return the provider's name, such as {@code linux-raw}} */
    String backend();
}
