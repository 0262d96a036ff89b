// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Pings before the program starts. The argument is {@code isolated=} or {@code bootstrap=}, and the jars to load by a
 * class loader without parent, or by the JVM's own.
 */
public final class Premain {
    private Premain() {}

    /** The JVM calls this before {@code main}; what it throws ends the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        String[] halves = arguments.split("=", 2);
        List<URL> jars = new ArrayList<>();
        for (String jar : halves[1].split(File.pathSeparator, -1)) {
            jars.add(new File(jar).toURI().toURL());
            if (halves[0].equals("bootstrap")) {
                instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar));
            }
        }
        ClassLoader loader = halves[0].equals("bootstrap")
                ? null
                : new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Class.forName("dev.netecho.embedding.Plain", true, loader)
                .getMethod("main", String[].class)
                .invoke(null, (Object) new String[0]);
    }
}
