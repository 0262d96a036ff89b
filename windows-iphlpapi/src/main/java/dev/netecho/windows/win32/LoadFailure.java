// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import dev.netecho.backend.JnaFailure;
import dev.netecho.backend.NativeBinding;
import dev.netecho.spi.Availability;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Turns what a binding throws while it loads into a reason and a remedy.
 *
 * <p>The texts of Windows are in the system's language, and Java keeps no error number with them. So this class tries
 * out what they could mean.
 */
final class LoadFailure {
    /** No older one was tried on Windows. */
    private static final String TESTED_JNA = "5.19.1";

    /** About the size of JNA's library. */
    private static final int TRIAL_SIZE = 256 * 1024;

    private LoadFailure() {}

    /**
     * {@return what {@code thrown} means to an operator}
     *
     * @param binding which one was tried
     * @param thrown what loading threw
     * @param moduleName the name of the module of the bindings, or the empty string on the class path
     * @param temporaryDirectory where JNA unpacks its library
     */
    static Availability explain(NativeBinding binding, Throwable thrown, String moduleName, Path temporaryDirectory) {
        JnaFailure failure = new JnaFailure(thrown, moduleName);
        if (failure.says("OutOfMemoryError")) {
            return Availability.unavailable(
                    "memory ran out while " + binding.title() + " was loading (" + failure.text() + ")",
                    "give the JVM more memory (-Xmx), or the system a larger paging file, and restart the JVM",
                    thrown);
        }
        if (failure.says("Error looking up function")) {
            return Availability.unavailable(
                    "this Windows lacks a function that Netecho needs (" + failure.text() + ")",
                    "run on Windows 10, Windows Server 2016 or newer",
                    thrown);
        }
        if (binding == NativeBinding.FOREIGN) {
            return NativeBinding.foreignFailure(thrown, moduleName);
        }
        Availability known = failure.ofText("win32-*");
        if (known == null && failure.says("UnsatisfiedLinkError")) {
            return notLoaded(failure, thrown, temporaryDirectory);
        }
        return known == null ? failure.ofType(TESTED_JNA) : known;
    }

    /** {@return the directory that JNA unpacks its library into, or makes one in} */
    static Path temporaryDirectory() {
        return Path.of(System.getProperty("jna.tmpdir", System.getProperty("java.io.tmpdir", "")));
    }

    /** JNA unpacks its library and has Windows load it; this tries out which of the two fails. */
    private static Availability notLoaded(JnaFailure jna, Throwable thrown, Path directory) {
        String elsewhere = "start the JVM with -Djna.tmpdir=DIRECTORY, naming a directory that this user may write to"
                + " and whose files may be loaded as programs";
        String failure = failureToWrite(directory);
        if (!failure.isEmpty()) {
            return Availability.unavailable(
                    "JNA cannot unpack its native library into " + directory + ": " + failure + " (" + jna.text() + ")",
                    elsewhere,
                    thrown);
        }
        return Availability.unavailable(
                "JNA's native library was not loaded, although " + directory + " can be written to (" + jna.text()
                        + ")",
                "let AppLocker and the virus scanner allow it, or " + elsewhere
                        + "; if the text names memory or the paging file, free some",
                thrown);
    }

    /** {@return why no file can be written there; empty if one can} */
    private static String failureToWrite(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "netecho", ".tmp");
            try {
                Files.write(file, new byte[TRIAL_SIZE]);
            } finally {
                Files.deleteIfExists(file);
            }
            return "";
        } catch (AccessDeniedException e) {
            return "this user may not write there";
        } catch (NoSuchFileException e) {
            return "there is no such directory";
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }
}
