// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Turns what JNA throws while it loads into a reason and a remedy.
 *
 * <p>Decides by types and by texts of JNA and the JVM, which are the same everywhere. The texts of Windows are in the
 * system's language, and Java keeps no error number with them. So this class tries out what they could mean.
 */
final class LoadFailure {
    private static final int DEEPEST_CAUSE = 16;

    /** About the size of JNA's library. */
    private static final int TRIAL_SIZE = 256 * 1024;

    private LoadFailure() {}

    /**
     * {@return the exception that tells an operator what {@code thrown} means}
     *
     * <p>Looks at the texts of the whole cause chain. If another library of the process has already failed to load JNA,
     * there is only a NoClassDefFoundError, whose cause quotes the original error (JDK-8048190).
     *
     * @param thrown what loading threw
     * @param moduleName the name of the module of the bindings, or the empty string on the class path
     * @param temporaryDirectory where JNA unpacks its library
     */
    static Win32UnavailableException explain(Throwable thrown, String moduleName, Path temporaryDirectory) {
        String text = texts(thrown);
        if (contains(text, "IllegalCallerException") || contains(text, "Illegal native access")) {
            return new Win32UnavailableException(
                    "this JVM denies native access to JNA",
                    "start the JVM with --enable-native-access="
                            + (moduleName.isEmpty() ? "ALL-UNNAMED" : "com.sun.jna," + moduleName),
                    thrown);
        }
        if (contains(text, "OutOfMemoryError")) {
            return new Win32UnavailableException(
                    "memory ran out while JNA was loading (" + first(thrown) + ")",
                    "give the JVM more memory (-Xmx), or the system a larger paging file, and restart the JVM",
                    thrown);
        }
        if (contains(text, "incompatible JNA native library")) {
            return new Win32UnavailableException(
                    "a JNA native library of another version is installed on this system and was loaded first",
                    "start the JVM with -Djna.nosys=true, or remove that library",
                    thrown);
        }
        if (contains(text, "not found in resource path")) {
            return new Win32UnavailableException(
                    "JNA's native library for this architecture is not on the class path",
                    "use the complete jar net.java.dev.jna:jna, with its com/sun/jna/win32-* folders",
                    thrown);
        }
        if (contains(text, "Error looking up function")) {
            return new Win32UnavailableException(
                    "this Windows lacks a function that Netecho needs (" + first(thrown) + ")",
                    "run on Windows 10, Windows Server 2016 or newer",
                    thrown);
        }
        if (contains(text, "UnsatisfiedLinkError")) {
            return notLoaded(thrown, temporaryDirectory);
        }
        return byKind(thrown);
    }

    /** {@return the directory that JNA unpacks its library into, or makes one in} */
    static Path temporaryDirectory() {
        return Path.of(System.getProperty("jna.tmpdir", System.getProperty("java.io.tmpdir", "")));
    }

    /** JNA unpacks its library and has Windows load it; this tries out which of the two fails. */
    private static Win32UnavailableException notLoaded(Throwable thrown, Path directory) {
        String elsewhere = "start the JVM with -Djna.tmpdir=DIRECTORY, naming a directory that this user may write to"
                + " and whose files may be loaded as programs";
        String failure = failureToWrite(directory);
        if (!failure.isEmpty()) {
            return new Win32UnavailableException(
                    "JNA cannot unpack its native library into " + directory + ": " + failure + " (" + first(thrown)
                            + ")",
                    elsewhere,
                    thrown);
        }
        return new Win32UnavailableException(
                "JNA's native library was not loaded, although " + directory + " can be written to (" + first(thrown)
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

    private static Win32UnavailableException byKind(Throwable thrown) {
        if (thrown instanceof NoClassDefFoundError && !contains(first(thrown), "Could not initialize")) {
            return new Win32UnavailableException(
                    "JNA is missing from the class path (" + first(thrown) + ")",
                    "add net.java.dev.jna:jna, and do not relocate its packages by shading",
                    thrown);
        }
        if (thrown instanceof ExceptionInInitializerError) {
            return new Win32UnavailableException(
                    "JNA failed to initialise (" + last(thrown) + ")",
                    "fix what this text and the cause of the exception name, and restart the JVM;"
                            + " JNA does not work on the bootstrap class path",
                    thrown);
        }
        if (thrown instanceof NoClassDefFoundError) {
            return new Win32UnavailableException(
                    "JNA failed to initialise earlier in this process (" + first(thrown) + ")",
                    "look for the first JNA error in the log of this process, fix it and restart the JVM",
                    thrown);
        }
        if (thrown instanceof SecurityException) {
            return new Win32UnavailableException(
                    "a security manager forbids loading native code (" + first(thrown) + ")",
                    "grant java.lang.RuntimePermission \"loadLibrary.*\" to JNA and to this library",
                    thrown);
        }
        return new Win32UnavailableException(
                "JNA could not be loaded (" + first(thrown) + ")",
                "check that net.java.dev.jna:jna 5.19.1 or newer is on the class path, unshaded, and that its"
                        + " temporary directory (-Djna.tmpdir=DIRECTORY) allows execution",
                thrown);
    }

    private static String texts(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Throwable next = thrown;
        // A cause chain may be circular; JNA's own is never deeper than three.
        for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++) {
            text.append(next).append('\n');
            next = next.getCause();
        }
        return text.toString();
    }

    /** {@return the first line of the deepest cause} */
    private static String last(Throwable thrown) {
        Throwable last = thrown;
        for (int depth = 0; last.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
            last = last.getCause();
        }
        return first(last);
    }

    private static String first(Throwable thrown) {
        return thrown.toString().lines().findFirst().orElse("").strip();
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
