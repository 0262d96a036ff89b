// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.spi.OpenFiles;
import java.util.Locale;

/**
 * Turns what a binding throws while it loads into a reason and a remedy.
 *
 * <p>Java keeps no error number, and the texts of the system are in its language. The caller tries out whether
 * descriptors are left.
 */
final class LoadFailure {
    private static final String TEMPORARY_DIRECTORY_REMEDY = "start the JVM with -Djna.tmpdir=DIRECTORY, naming a"
            + " directory that this user may write to and that is not mounted noexec";

    /** The first whose NativeLibrary can be closed; embedding/run tries it, and the one before. */
    private static final String OLDEST_JNA = "5.12.0";

    private static final String FOREIGN = "java.lang.foreign";

    private static final String DENIAL = "this JVM denies native access to ";

    private static final int DEEPEST_CAUSE = 16;

    private LoadFailure() {}

    /** Loads what {@link #explain} needs: without descriptors, no class can be read from a folder. */
    static void prepare() {
        explain(false, new UnsatisfiedLinkError(), "", true);
        OpenFiles.areScarce();
    }

    /**
     * {@return the exception that tells an operator what {@code thrown} means}
     *
     * <p>Looks at the texts of the whole cause chain. If another library of the process has already failed to load JNA,
     * there is only a NoClassDefFoundError, whose cause quotes the original error (JDK-8048190).
     *
     * @param foreign whether {@code java.lang.foreign} was tried, or JNA
     * @param thrown what loading threw
     * @param moduleName the name of the module of the bindings, or the empty string on the class path
     * @param descriptorsUsedUp what {@link OpenFiles#areScarce} says
     */
    static LibCUnavailableException explain(
            boolean foreign, Throwable thrown, String moduleName, boolean descriptorsUsedUp) {
        String binding = foreign ? FOREIGN : "JNA";
        if (descriptorsUsedUp) {
            return new LibCUnavailableException(
                    "no file descriptors are left for loading " + binding + " (EMFILE or ENFILE; " + first(thrown)
                            + ")",
                    OpenFiles.REMEDY,
                    thrown);
        }
        String text = texts(thrown);
        if (contains(text, "IllegalCallerException") || contains(text, "Illegal native access")) {
            String modules = foreign ? moduleName : "com.sun.jna," + moduleName;
            return new LibCUnavailableException(
                    DENIAL + binding,
                    "start the JVM with --enable-native-access=" + (moduleName.isEmpty() ? "ALL-UNNAMED" : modules),
                    thrown);
        }
        if (contains(text, "Error looking up function")) {
            return new LibCUnavailableException(
                    "this C library lacks a function that Netecho needs (" + first(thrown) + ")",
                    "run on glibc 2.17, musl 1.1 or newer",
                    thrown);
        }
        return foreign ? foreign(thrown) : jna(thrown, text, moduleName);
    }

    /** {@return why neither binding can be used} */
    static LibCUnavailableException both(LibCUnavailableException first, LibCUnavailableException second) {
        // A JVM that denies native access to one denies it to the other, so that only the grant helps. That of the
        // second is enough: JNA is the first where there is none, and needs one more.
        String remedy = isDenial(second)
                ? second.remedy()
                : isDenial(first) ? first.remedy() : first.remedy() + "; or " + second.remedy();
        LibCUnavailableException both =
                new LibCUnavailableException(first.reason() + "; and " + second.reason(), remedy, first.getCause());
        both.addSuppressed(second);
        return both;
    }

    private static boolean isDenial(LibCUnavailableException failure) {
        return failure.reason().startsWith(DENIAL);
    }

    private static LibCUnavailableException foreign(Throwable thrown) {
        return new LibCUnavailableException(
                FOREIGN + " cannot be used (" + first(thrown) + ")",
                "run JDK 22 or newer, or add net.java.dev.jna:jna and leave out -D" + Bindings.PROPERTY,
                thrown);
    }

    private static LibCUnavailableException jna(Throwable thrown, String text, String moduleName) {
        if (contains(text, "failed to map segment") || contains(text, "cannot enable executable")) {
            return new LibCUnavailableException(
                    "JNA's native library cannot be mapped: the temporary directory is mounted noexec (" + first(thrown)
                            + ")",
                    TEMPORARY_DIRECTORY_REMEDY,
                    thrown);
        }
        if (contains(text, "temporary directory")
                || contains(text, "temporary file")
                || contains(text, "No space left on device")
                || contains(text, "Permission denied")) {
            return new LibCUnavailableException(
                    "JNA cannot unpack its native library into the temporary directory (" + first(thrown) + ")",
                    TEMPORARY_DIRECTORY_REMEDY,
                    thrown);
        }
        if (contains(text, "incompatible JNA native library")) {
            return new LibCUnavailableException(
                    "a JNA native library of another version is installed on this system and was loaded first",
                    "start the JVM with -Djna.nosys=true, or remove that library",
                    thrown);
        }
        if (contains(text, "not found in resource path")) {
            return new LibCUnavailableException(
                    "JNA's native library for this architecture is not on the class path",
                    "use the complete jar net.java.dev.jna:jna, with its com/sun/jna/linux-* folders",
                    thrown);
        }
        // Its library is loaded, and has no function for this name.
        if (contains(text, "Native.getNativeVersion()")) {
            return new LibCUnavailableException(
                    "JNA's packages have another name than its native library expects (" + first(thrown) + ")",
                    "do not relocate com.sun.jna when you shade",
                    thrown);
        }
        return byKind(thrown, moduleName);
    }

    private static LibCUnavailableException byKind(Throwable thrown, String moduleName) {
        if (thrown instanceof NoClassDefFoundError && !contains(first(thrown), "Could not initialize")) {
            return new LibCUnavailableException(
                    "JNA is missing from the " + (moduleName.isEmpty() ? "class path" : "module graph") + " ("
                            + first(thrown) + ")",
                    "add net.java.dev.jna:jna, "
                            + (moduleName.isEmpty()
                                    ? "and do not relocate its packages by shading"
                                    : "and start the JVM with --add-modules com.sun.jna"),
                    thrown);
        }
        if (thrown instanceof ExceptionInInitializerError && LoadFailure.class.getClassLoader() == null) {
            // Its initialiser asks the loader of its class for its native library, and has no loader to ask.
            return new LibCUnavailableException(
                    "JNA does not work on the bootstrap class path (" + last(thrown) + ")",
                    "load Netecho and JNA with a class loader, as Java agents do with what they bring along",
                    thrown);
        }
        if (thrown instanceof ExceptionInInitializerError) {
            return new LibCUnavailableException(
                    "JNA failed to initialise (" + last(thrown) + ")",
                    "fix what this text and the cause of the exception name, and restart the JVM",
                    thrown);
        }
        if (thrown instanceof NoClassDefFoundError) {
            return new LibCUnavailableException(
                    "JNA failed to initialise earlier in this process (" + first(thrown) + ")",
                    "look for the first JNA error in the log of this process, fix it and restart the JVM",
                    thrown);
        }
        if (thrown instanceof SecurityException) {
            return new LibCUnavailableException(
                    "a security manager forbids loading native code (" + first(thrown) + ")",
                    "grant java.lang.RuntimePermission \"loadLibrary.*\" to JNA and to this library",
                    thrown);
        }
        // A method or field that another version has.
        if (thrown instanceof IncompatibleClassChangeError) {
            return new LibCUnavailableException(
                    "this version of JNA lacks what Netecho calls (" + first(thrown) + ")",
                    "use net.java.dev.jna:jna " + OLDEST_JNA + " or newer",
                    thrown);
        }
        return new LibCUnavailableException(
                "JNA could not be loaded (" + first(thrown) + ")",
                "check that net.java.dev.jna:jna " + OLDEST_JNA
                        + " or newer is on the class path, unshaded, and that its temporary directory"
                        + " (-Djna.tmpdir=DIRECTORY) allows execution",
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
