// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of Wine, which an extra export of its ntdll.dll gives. */
public record WineVersion(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** {@return the version of Wine this process runs on; empty on Windows} */
    public static Optional<WineVersion> current() {
        try {
            Function function = NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return Optional.of(parse(String.valueOf(function.invokeString(new Object[0], false))));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // no such export: Windows itself
        }
    }

    static WineVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? new WineVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : new WineVersion(0, 0);
    }

    /** {@return whether this is the given version or a later one} */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
