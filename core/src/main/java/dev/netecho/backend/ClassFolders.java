// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import java.io.File;
import java.net.URI;
import java.security.CodeSource;

/**
 * Loads the classes of a backend before it opens. A class that is first needed while no file descriptor is left cannot
 * be read from a folder, and a request would end with a {@link NoClassDefFoundError}. A jar is open already, so that
 * nothing is done for it. Thread-safe.
 */
public final class ClassFolders {
    private static final String SUFFIX = ".class";

    private ClassFolders() {}

    /**
     * Loads, but does not initialize, the classes of some packages, if they are in folders. Call it once, such as in a
     * static initializer, before the first requester opens. Leave out the packages that an optional dependency is
     * needed for. What cannot be loaded is skipped.
     *
     * @param members a class of each package
     */
    public static void load(Class<?>... members) {
        for (Class<?> member : members) {
            loadPackage(member);
        }
    }

    private static void loadPackage(Class<?> member) {
        CodeSource source = member.getProtectionDomain().getCodeSource();
        if (source == null
                || source.getLocation() == null
                || !source.getLocation().getProtocol().equals("file")) {
            return;
        }
        File[] files;
        try {
            // java.io: java.nio.file, if it is first used without descriptors, fails for the rest of the process.
            File root = new File(URI.create(source.getLocation().toString()));
            files = new File(root, member.getPackageName().replace('.', '/')).listFiles();
        } catch (IllegalArgumentException e) {
            return; // a location that is not a file of this system
        }
        if (files == null) {
            return; // a jar
        }
        for (File file : files) {
            String name = file.getName();
            if (name.endsWith(SUFFIX)) {
                load(
                        member.getPackageName() + "." + name.substring(0, name.length() - SUFFIX.length()),
                        member.getClassLoader());
            }
        }
    }

    private static void load(String name, ClassLoader loader) {
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            return; // such as package-info, or a class that needs a dependency which is not there
        }
    }
}
