// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.backend.NativeBinding;
import dev.netecho.spi.Availability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LoadFailureTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IllegalCallerException("Illegal native access from module"), "--enable-native-access"),
                Arguments.of(
                        new UnsatisfiedLinkError(new IOException("Failed to create temporary file").toString()),
                        "-Djna.tmpdir"),
                Arguments.of(new UnsatisfiedLinkError("jna.dll: Access is denied"), "-Djna.tmpdir"),
                Arguments.of(new UnsatisfiedLinkError("jna.dll: Zugriff verweigert"), "-Djna.tmpdir"),
                Arguments.of(new ExceptionInInitializerError(new OutOfMemoryError("Java heap space")), "-Xmx"),
                Arguments.of(new Error("There is an incompatible JNA native library installed"), "-Djna.nosys=true"),
                Arguments.of(
                        new UnsatisfiedLinkError("(com/sun/jna/win32-x86/jnidispatch.dll) not found in resource path"),
                        "win32-* folders"),
                Arguments.of(new UnsatisfiedLinkError("Error looking up function 'IcmpSendEcho2Ex'"), "Windows 10"),
                Arguments.of(new NoClassDefFoundError("com/sun/jna/Native"), "add net.java.dev.jna:jna"),
                Arguments.of(
                        new NoClassDefFoundError("Could not initialize class com.sun.jna.Native"), "first JNA error"),
                Arguments.of(new ExceptionInInitializerError(new IllegalStateException("odd")), "fix what this text"),
                Arguments.of(
                        new UnsatisfiedLinkError("'java.lang.String x.jna.Native.getNativeVersion()'"),
                        "do not relocate com.sun.jna"),
                Arguments.of(
                        new NoSuchMethodError("'void com.sun.jna.NativeLibrary.close()'"),
                        "use net.java.dev.jna:jna 5.19.1 or newer"),
                Arguments.of(new IllegalStateException("anything"), "5.19.1"));
    }

    @TempDir
    Path temporary;

    @Test
    void theModuleOfJnaIsNamed() {
        assertThat(LoadFailure.explain(
                                NativeBinding.JNA,
                                new NoClassDefFoundError("com/sun/jna/Native"),
                                "dev.example",
                                temporary)
                        .remedy())
                .endsWith("--add-modules com.sun.jna");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureHasARemedyToType(Throwable thrown, String remedy) {
        Availability explained = LoadFailure.explain(NativeBinding.JNA, thrown, "", temporary);
        assertThat(explained.remedy()).contains(remedy);
        assertThat(explained.why()).isNotBlank();
        assertThat(explained.cause()).hasValue(thrown);
    }

    /** Windows' own texts are in the language of the system, so that what they could say is tried out. */
    @Test
    void whetherTheLibraryCouldBeUnpackedIsTriedOut() {
        UnsatisfiedLinkError denied = new UnsatisfiedLinkError("Accesso negato");
        assertThat(LoadFailure.explain(NativeBinding.JNA, denied, "", temporary).why())
                .contains("was not loaded, although " + temporary + " can be written to")
                .contains("Accesso negato");
        Path missing = temporary.resolve("missing");
        assertThat(LoadFailure.explain(NativeBinding.JNA, denied, "", missing).why())
                .contains("cannot unpack its native library into " + missing + ": there is no such directory")
                .contains("Accesso negato");
        assertThat(temporary).as("nothing stays there").isEmptyDirectory();
    }

    @Test
    void aTextOfTheSystemDecidesNothing() {
        SecurityException forbidden = new SecurityException("Access is denied; not enough space; temporary file");
        assertThat(LoadFailure.explain(NativeBinding.JNA, forbidden, "", temporary)
                        .why())
                .startsWith("a security manager forbids");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"8.0,8,0", "10.14,10,14", "9.0-rc2,9,0", "'8.0 (Debian 8.0~repack-4)',8,0", "unknown,0,0"})
    void aVersionOfWineIsRead(String text, int major, int minor) {
        assertThat(WineVersion.parse(text)).isEqualTo(new WineVersion(major, minor));
    }
}
