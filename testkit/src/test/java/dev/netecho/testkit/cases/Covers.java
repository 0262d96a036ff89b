// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test fails if one of these cases is violated. Several tests may share a case.
 *
 * <p>Every invocation's result goes to {@link ResultLog}. What a class says holds for each of its tests, together with
 * what the test itself says; of {@link #backends} the test's own go before those of its class. An invocation that is
 * about one {@link TestedBackend} counts for that one only. Tests of a class that ends before it runs them, because of
 * an assumption or a failure, are recorded only if the class itself has this annotation.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CoversExtension.class)
public @interface Covers {
    /** {@return the rules, as SPEC.md numbers them, such as {@code MAT-1}} */
    String[] rules() default {};

    /** {@return the cases, as contract-cases.md numbers them, such as {@code C72}} */
    String[] cases() default {};

    /** {@return the providers' names that the test is about; none means {@code core}: the same for all} */
    String[] backends() default {};
}
