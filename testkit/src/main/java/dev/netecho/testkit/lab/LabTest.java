// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class send to addresses of the {@link LabPlan}; a constructor or method may take the {@link Lab}.
 *
 * <p>One lab serves all such classes of the test JVM, which itself must run in a private network namespace, and stops
 * after the last. Before each class it forgets what it has received ({@link Lab#reset}). If no lab can run, the class
 * is skipped with the reason, or fails with it if the system property {@code netecho.ci} is {@code true}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface LabTest {}
