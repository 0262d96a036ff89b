// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test class that opens requesters: in a network namespace of its own, and checked for leaks when it has ended. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@InPrivateNamespace
@ExtendWith(LeakCheck.class)
@Timeout(120)
public @interface EngineTest {}
