// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AvailabilityTest {
    @Test
    void availableHasNothingToAdd() {
        Availability availability = Availability.available();

        assertThat(availability.isAvailable()).isTrue();
        assertThat(availability.why()).isEmpty();
        assertThat(availability.remedy()).isEmpty();
        assertThat(availability.cause()).isEmpty();
        assertThat(availability).hasToString("available");
    }

    @Test
    void availableWithARestrictionTellsItAndItsRemedy() {
        Availability availability = Availability.availableBut("no IPv6", "load the module ipv6");

        assertThat(availability.isAvailable()).isTrue();
        assertThat(availability.why()).isEqualTo("no IPv6");
        assertThat(availability.remedy()).isEqualTo("load the module ipv6");
        assertThat(availability.cause()).isEmpty();
        assertThat(availability).hasToString("available: no IPv6 (remedy: load the module ipv6)");
    }

    @Test
    void unavailableTellsWhyTheRemedyAndTheCause() {
        IOException cause = new IOException("EACCES");

        Availability availability = Availability.unavailable("socket: EACCES", "sysctl -w ...", cause);

        assertThat(availability.isAvailable()).isFalse();
        assertThat(availability.why()).isEqualTo("socket: EACCES");
        assertThat(availability.remedy()).isEqualTo("sysctl -w ...");
        assertThat(availability.cause()).containsSame(cause);
        assertThat(availability).hasToString("unavailable: socket: EACCES (remedy: sysctl -w ...)");
    }

    @Test
    void tellsWhatTheSystemIsCalledThrough() {
        Availability availability = Availability.availableBut("no IPv6", "").through("JNA");

        assertThat(availability.binding()).isEqualTo("JNA");
        assertThat(availability.why()).isEqualTo("no IPv6");
        assertThat(availability).hasToString("available through JNA: no IPv6");
        assertThat(Availability.available().binding()).isEmpty();
    }

    @Test
    void unavailableNeedsNeitherACauseNorARemedy() {
        Availability availability = Availability.unavailable("not Windows", "", null);

        assertThat(availability.cause()).isEmpty();
        assertThat(availability).hasToString("unavailable: not Windows");
    }

    @Test
    void whatWasThrownIsADefect() {
        IllegalStateException thrown = new IllegalStateException("a/b");

        Availability availability = Availability.thrown(thrown);

        assertThat(availability.isAvailable()).isFalse();
        assertThat(availability.why()).isEqualTo("threw java.lang.IllegalStateException: a/b");
        assertThat(availability.remedy()).isEqualTo("the cause is not known; report this as a defect of the provider");
        assertThat(availability.cause()).containsSame(thrown);
    }

    @Test
    void aMissingClassIsNotCalledADefect() {
        Throwable first = new NoClassDefFoundError("io/netty/channel/IoEventLoopGroup");
        Throwable second = new NoClassDefFoundError("Could not initialize class dev.netecho.linux.LinuxOptions")
                .initCause(new ExceptionInInitializerError("Exception java.lang.NoClassDefFoundError:"
                        + " io/netty/channel/IoEventLoopGroup [in thread \"main\"]"));

        for (Throwable thrown : List.of(first, second)) {
            Availability availability = Availability.thrown(thrown);

            assertThat(availability.why()).isEqualTo("threw " + thrown);
            assertThat(availability.remedy())
                    .isEqualTo("add the jar that has the class io.netty.channel.IoEventLoopGroup to the class path;"
                            + " if that library is there, its version is too old");
        }
    }

    @Test
    void aClassOfTheLibraryIsInNoOtherJar() {
        Availability availability = Availability.thrown(new NoClassDefFoundError("dev/netecho/linux/echo/CloseWait"));

        assertThat(availability.remedy())
                .startsWith("the library's own class dev.netecho.linux.echo.CloseWait cannot be loaded")
                .contains("jars of different versions", "damaged", "descriptors")
                .doesNotContain("add the jar");
    }

    /** As with Netty 4.1 or an old JNA on the class path: the class is there, and what it is asked for is not. */
    @Test
    void aJarOfAnotherVersionIsNotCalledADefect() {
        List<LinkageError> all = List.of(
                new NoSuchMethodError("'io.netty.channel.IoEventLoop io.netty.channel.IoEventLoopGroup.next()'"),
                new NoSuchFieldError("SIZE_T_SIZE"),
                new AbstractMethodError("x"),
                new IncompatibleClassChangeError("class a.B has interface a.C as super class"));

        for (LinkageError thrown : all) {
            Availability availability = Availability.thrown(new ExceptionInInitializerError(thrown));

            assertThat(availability.remedy())
                    .as(thrown.toString())
                    .contains("versions are incompatible", String.valueOf(thrown.getMessage()))
                    .doesNotContain("defect");
        }
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aCircularChainOfCausesEnds() {
        IllegalStateException first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));

        assertThat(Availability.thrown(first).remedy())
                .isEqualTo("the cause is not known; report this as a defect of the provider");
    }

    @Test
    void nullIsRefusedByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> Availability.unavailable(null, "", null))
                .withMessage("why");
        assertThatNullPointerException()
                .isThrownBy(() -> Availability.availableBut("", null))
                .withMessage("remedy");
    }
}
