// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.Availability;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What it means that JNA could not be loaded, and what an operator can do: for backends that use JNA.
 *
 * <p>Decides by types and by texts of JNA and the JVM, which are the same everywhere. Texts of the system are in its
 * language, and decide nothing here: a backend looks at them itself, with {@link #says}. Immutable.
 */
public final class JnaFailure {
    private static final int DEEPEST_CAUSE = 16;

    private final Throwable thrown;
    private final String moduleName;
    private final String texts;

    /**
     * Looks at the texts of the whole cause chain. If another library of the process has already failed to load JNA,
     * there is only a NoClassDefFoundError, whose cause quotes the original error (JDK-8048190).
     *
     * @param thrown what loading threw
     * @param moduleName the name of the module that uses JNA, or the empty string on the class path
     */
    public JnaFailure(Throwable thrown, String moduleName) {
        this.thrown = thrown;
        this.moduleName = moduleName;
        StringBuilder text = new StringBuilder();
        Throwable next = thrown;
        // A cause chain may be circular; JNA's own is never deeper than three.
        for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++) {
            text.append(next).append('\n');
            next = next.getCause();
        }
        this.texts = text.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return whether a text of the cause chain has a part, in upper or lower case}
     *
     * @param part the part
     */
    public boolean says(String part) {
        return texts.contains(part.toLowerCase(Locale.ROOT));
    }

    /** {@return the first line of what was thrown} */
    public String text() {
        return firstLine(thrown);
    }

    private String deepestText() {
        Throwable last = thrown;
        for (int depth = 0; last.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
            last = last.getCause();
        }
        return firstLine(last);
    }

    private static String firstLine(Throwable thrown) {
        String text = thrown.toString();
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return text.substring(0, end).strip();
    }

    /** {@return whether the JVM denies native access} */
    public boolean isDenial() {
        return says("IllegalCallerException") || says("Illegal native access");
    }

    /**
     * {@return what its texts say for certain; null if they say nothing that is known here}
     *
     * @param folders where JNA has its libraries for this system, such as {@code linux-*}
     */
    public @Nullable Availability ofText(String folders) {
        if (isDenial()) {
            return explained(
                    "this JVM denies native access to JNA",
                    "start the JVM with --enable-native-access="
                            + (moduleName.isEmpty() ? "ALL-UNNAMED" : "com.sun.jna," + moduleName));
        }
        if (says("incompatible JNA native library")) {
            return explained(
                    "a JNA native library of another version is installed on this system and was loaded first",
                    "start the JVM with -Djna.nosys=true, or remove that library");
        }
        if (says("not found in resource path")) {
            return explained(
                    "JNA's native library for this architecture is not on the class path",
                    "use the complete jar net.java.dev.jna:jna, with its com/sun/jna/" + folders + " folders");
        }
        // Its library is loaded, and has no function for this name.
        if (says("Native.getNativeVersion()")) {
            return explained(
                    "JNA's packages have another name than its native library expects (" + text() + ")",
                    "do not relocate com.sun.jna when you shade");
        }
        return null;
    }

    /**
     * {@return what its type says, if its texts say nothing}
     *
     * @param version the version of JNA that the backend works with
     */
    public Availability ofType(String version) {
        if (thrown instanceof NoClassDefFoundError && !text().contains("Could not initialize")) {
            return explained(
                    "JNA is missing from the " + (moduleName.isEmpty() ? "class path" : "module graph") + " (" + text()
                            + ")",
                    "add net.java.dev.jna:jna, "
                            + (moduleName.isEmpty()
                                    ? "and do not relocate its packages by shading"
                                    : "and start the JVM with --add-modules com.sun.jna"));
        }
        if (thrown instanceof ExceptionInInitializerError && JnaFailure.class.getClassLoader() == null) {
            // Its initialiser asks the loader of its class for its native library, and has no loader to ask.
            return explained(
                    "JNA does not work on the bootstrap class path (" + deepestText() + ")",
                    "load Netecho and JNA with a class loader, as Java agents do with what they bring along");
        }
        if (thrown instanceof ExceptionInInitializerError) {
            return explained(
                    "JNA failed to initialise (" + deepestText() + ")",
                    "fix what this text and the cause of the exception name, and restart the JVM");
        }
        if (thrown instanceof NoClassDefFoundError) {
            return explained(
                    "JNA failed to initialise earlier in this process (" + text() + ")",
                    "look for the first JNA error in the log of this process, fix it and restart the JVM");
        }
        if (thrown instanceof SecurityException) {
            return explained(
                    "a security manager forbids loading native code (" + text() + ")",
                    "grant java.lang.RuntimePermission \"loadLibrary.*\" to JNA and to this library");
        }
        // A method or field that another version has.
        if (thrown instanceof IncompatibleClassChangeError) {
            return explained(
                    "this version of JNA lacks what Netecho calls (" + text() + ")",
                    "use net.java.dev.jna:jna " + version + " or newer");
        }
        return explained(
                "JNA could not be loaded (" + text() + ")",
                "check that net.java.dev.jna:jna " + version
                        + " or newer is on the class path, unshaded, and that its temporary directory"
                        + " (-Djna.tmpdir=DIRECTORY) allows execution");
    }

    private Availability explained(String why, String remedy) {
        return Availability.unavailable(why, remedy, thrown);
    }
}
