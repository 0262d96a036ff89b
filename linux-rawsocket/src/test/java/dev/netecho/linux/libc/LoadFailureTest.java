// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.netecho.spi.OpenFiles;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LoadFailureTest {
    private static final String NOEXEC =
            "/tmp/jna-1/jna2.tmp: /tmp/jna-1/jna2.tmp: failed to map segment from shared object";

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnsatisfiedLinkError(NOEXEC), "noexec", "-Djna.tmpdir="),
                Arguments.of(poisonedBy(new UnsatisfiedLinkError(NOEXEC)), "noexec", "-Djna.tmpdir="),
                Arguments.of(
                        new UnsatisfiedLinkError("JNA temporary directory '/x' does not exist"),
                        "unpack",
                        "-Djna.tmpdir="),
                Arguments.of(
                        new UnsatisfiedLinkError("Failed to create temporary file for /com/sun/jna library: x"),
                        "unpack",
                        "-Djna.tmpdir="),
                Arguments.of(
                        new IllegalCallerException("Illegal native access from: unnamed module @1"),
                        "denies native access",
                        "--enable-native-access=ALL-UNNAMED"),
                Arguments.of(
                        poisonedBy(new IllegalCallerException("Illegal native access from: unnamed module @1")),
                        "denies native access",
                        "--enable-native-access=ALL-UNNAMED"),
                Arguments.of(
                        new ExceptionInInitializerError(new IllegalCallerException("no")),
                        "denies native access",
                        "--enable-native-access=ALL-UNNAMED"),
                Arguments.of(
                        new Error("\n\nThere is an incompatible JNA native library installed on this system\n"),
                        "another version",
                        "-Djna.nosys=true"),
                Arguments.of(
                        new UnsatisfiedLinkError("Native library (com/sun/jna/x.so) not found in resource path (.)"),
                        "not on the class path",
                        "complete jar"),
                Arguments.of(
                        new UnsatisfiedLinkError("Error looking up function 'recvmmsg': undefined symbol"),
                        "recvmmsg",
                        "glibc"),
                Arguments.of(new NoClassDefFoundError("com/sun/jna/Native"), "JNA is missing", "net.java.dev.jna:jna"),
                Arguments.of(
                        new NoClassDefFoundError("Could not initialize class com.sun.jna.Native"),
                        "failed to initialise earlier",
                        "first JNA error"),
                Arguments.of(
                        new ExceptionInInitializerError(new IllegalStateException("odd")),
                        "JNA failed to initialise (java.lang.IllegalStateException: odd)",
                        "restart the JVM"),
                Arguments.of(
                        new UnsatisfiedLinkError("'java.lang.String x.jna.Native.getNativeVersion()'"),
                        "another name",
                        "do not relocate com.sun.jna"),
                Arguments.of(
                        new NoSuchMethodError("'void com.sun.jna.NativeLibrary.close()'"),
                        "this version of JNA",
                        "5.12.0 or newer"),
                Arguments.of(new SecurityException("access denied"), "security manager", "RuntimePermission"),
                Arguments.of(new UnsatisfiedLinkError("something new"), "something new", "5.12.0"),
                Arguments.of(new IllegalArgumentException("something else"), "something else", "5.12.0"));
    }

    /** What a class that failed to initialise answers from then on, as JDK 17 and newer do. */
    private static NoClassDefFoundError poisonedBy(Throwable first) {
        NoClassDefFoundError error = new NoClassDefFoundError("Could not initialize class com.sun.jna.Native");
        error.initCause(new ExceptionInInitializerError("Exception " + first + " [in thread \"main\"]"));
        return error;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatIsWrongAndWhatToDo(Throwable thrown, String reason, String remedy) {
        LibCUnavailableException explained = LoadFailure.explain(false, thrown, "", false);

        assertThat(explained.reason()).contains(reason);
        assertThat(explained.remedy()).contains(remedy);
        assertThat(explained).hasMessage(explained.reason() + ". Remedy: " + explained.remedy());
        assertThat(explained).hasCause(thrown);
    }

    @Test
    void namesTheModulesWhenItRunsAsAModule() {
        LibCUnavailableException explained =
                LoadFailure.explain(false, new IllegalCallerException("no"), "dev.example", false);

        assertThat(explained.remedy()).endsWith("--enable-native-access=com.sun.jna,dev.example");
        assertThat(LoadFailure.explain(true, new IllegalCallerException("no"), "dev.example", false)
                        .remedy())
                .endsWith("--enable-native-access=dev.example");
        assertThat(LoadFailure.explain(false, new NoClassDefFoundError("com/sun/jna/Native"), "dev.example", false)
                        .remedy())
                .endsWith("--add-modules com.sun.jna");
    }

    @Test
    void saysWhyNeitherBindingCanBeUsed() {
        LibCUnavailableException jna =
                LoadFailure.explain(false, new NoClassDefFoundError("com/sun/jna/Native"), "", false);
        LibCUnavailableException foreign = LoadFailure.explain(true, new LinkageError("no"), "", false);

        LibCUnavailableException both = LoadFailure.both(jna, foreign);

        assertThat(both.reason()).contains(jna.reason(), foreign.reason());
        assertThat(both.remedy()).contains(jna.remedy(), foreign.remedy());
        assertThat(both.getCause()).isSameAs(jna.getCause());
        assertThat(both.getSuppressed()).containsExactly(foreign);
    }

    @Test
    void namesOnlyTheGrantWhereNativeAccessIsDenied() {
        LibCUnavailableException foreign =
                LoadFailure.explain(true, new IllegalCallerException("no"), "dev.example", false);

        for (Throwable jna :
                new Throwable[] {new IllegalCallerException("no"), new NoClassDefFoundError("com/sun/jna/Native")}) {
            assertThat(LoadFailure.both(LoadFailure.explain(false, jna, "dev.example", false), foreign)
                            .remedy())
                    .isEqualTo(foreign.remedy());
        }
    }

    @Test
    void blamesNothingElseWhereDescriptorsAreUsedUp() {
        Throwable thrown = new UnsatisfiedLinkError("Failed to create temporary file for /com/sun/jna library: x");

        LibCUnavailableException explained = LoadFailure.explain(false, thrown, "", true);

        assertThat(explained.reason()).contains("EMFILE", "Failed to create temporary file");
        assertThat(explained.remedy()).contains("ulimit -n").doesNotContain("jna.tmpdir");
        assertThat(explained).hasCause(thrown);
        assertThat(OpenFiles.areScarce()).isFalse();
    }

    @Test
    void endsOnACircularCauseChain() {
        Exception first = new IllegalStateException("first");
        Exception second = new IllegalStateException("second", first);
        first.initCause(second);

        assertThat(LoadFailure.explain(false, first, "", false).reason()).contains("first");
    }

    @Test
    void refusesAnotherOperatingSystemAndAnUnknownArchitecture() {
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        assertThatExceptionOfType(LibCUnavailableException.class)
                .isThrownBy(() -> Architecture.requireSupported("Windows 11", "amd64", little))
                .withMessageContaining("Windows 11")
                .withMessageContaining("backend for this operating system")
                .matches(e -> e.availability().isOfAnotherSystem());
        for (String arch : new String[] {"i386", "x86", "arm", "ppc64le", "s390x", "mips64el", "sparcv9", ""}) {
            assertThatExceptionOfType(LibCUnavailableException.class)
                    .isThrownBy(() -> Architecture.requireSupported("Linux", arch, little))
                    .matches(e -> !e.availability().isOfAnotherSystem())
                    .withMessageContaining("\"" + arch + "\"")
                    .withMessageContaining("x86-64, aarch64 or riscv64");
        }
        assertThatExceptionOfType(LibCUnavailableException.class)
                .isThrownBy(() -> Architecture.requireSupported("Linux", "aarch64", ByteOrder.BIG_ENDIAN))
                .withMessageContaining("BIG_ENDIAN");
    }

    @Test
    void acceptsTheThreeArchitectures() {
        for (String arch : new String[] {"amd64", "x86_64", "aarch64", "riscv64"}) {
            Architecture.requireSupported("Linux", arch, ByteOrder.LITTLE_ENDIAN);
        }
        assertThat(Architecture.of("amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.AARCH64.sendmmsgNumber).isEqualTo(269);
        assertThat(Architecture.RISCV64.epollEventSize).isEqualTo(16);
    }
}
