// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.engine;

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
     * Loads, but does not initialize, the classes of a package and of those below it, if they are in a folder. Call it
     * once, such as in a static initializer, before the first requester opens. What cannot be loaded is left out: an
     * optional dependency may be missing.
     *
     * @param member a class of the package
     */
    public static void load(Class<?> member) {
        CodeSource source = member.getProtectionDomain().getCodeSource();
        if (source == null
                || source.getLocation() == null
                || !source.getLocation().getProtocol().equals("file")) {
            return;
        }
        try {
            // java.io: java.nio.file, if it is first used without descriptors, fails for the rest of the process.
            File root = new File(URI.create(source.getLocation().toString()));
            loadAll(
                    new File(root, member.getPackageName().replace('.', '/')),
                    member.getPackageName() + ".",
                    member.getClassLoader());
        } catch (IllegalArgumentException e) {
            return; // a location that is no file of this system
        }
    }

    private static void loadAll(File folder, String prefix, ClassLoader loader) {
        File[] files = folder.listFiles(); // null for a jar
        if (files == null) {
            return;
        }
        for (File file : files) {
            String name = file.getName();
            if (name.endsWith(SUFFIX)) {
                load(prefix + name.substring(0, name.length() - SUFFIX.length()), loader);
            } else {
                loadAll(file, prefix + name + ".", loader);
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
