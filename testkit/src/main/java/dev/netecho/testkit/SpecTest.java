// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.IpVersion;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of one rule of SPEC.md; runs once for each family that the method takes, in a class made from
 * {@link EchoContract}.
 *
 * <p>The method's name begins with the rule's id, as {@code mat1} for MAT-1, and so do the messages of its failures.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Timeout(120)
@ExtendWith(SpecExtension.class)
@interface SpecTest {
    /** {@return the rule, such as {@code MAT-1}} */
    String rule();

    /** {@return the cases of this project that the test decides, such as {@code C72}; for its build only} */
    String[] cases() default {};

    /** {@return the families it runs for, if the method takes one} */
    IpVersion[] families() default {IpVersion.V4, IpVersion.V6};

    /** {@return what must not be declared for the test to be possible} */
    Limit[] unless() default {};
}
