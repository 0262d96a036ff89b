// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding.plugin;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a plug-in, has it ping, unloads it, and again; or has two of them ping at once.
 *
 * <p>Arguments: {@code reload}, {@code drop}, {@code unregister} or {@code both}; the jars of the plug-in; the jars of
 * its parent class loader, which may be none. {@code drop} reloads, and the plug-in does not close its requester;
 * {@code unregister} reloads, and makes the plug-in tell JNA to forget it.
 */
public final class Host {
    private static final int TIMES = 10;

    /** JNA's own thread looks every 30 s whether it is needed, and holds the class loader of JNA until then. */
    private static final long PATIENCE_MILLIS = 100_000;

    private Host() {}

    public static void main(String[] arguments) throws Exception {
        URL[] plugin = jars(arguments[1]);
        URL[] shared = arguments.length > 2 ? jars(arguments[2]) : new URL[0];
        ClassLoader parent = new URLClassLoader(shared, ClassLoader.getPlatformClassLoader());
        if (arguments[0].equals("both")) {
            ClassLoader first = new URLClassLoader(plugin, parent);
            ClassLoader second = new URLClassLoader(plugin, parent);
            System.out.println(ping(first) + ", and " + ping(second));
            System.out.println(ping(first) + ", and " + ping(second) + " again");
        } else {
            reload(plugin, parent, arguments[0]);
        }
    }

    private static void reload(URL[] plugin, ClassLoader parent, String how) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            loaders.add(load(plugin, parent, how));
        }
        long start = System.nanoTime();
        long left;
        while (true) {
            System.gc();
            left = loaders.stream().filter(loader -> loader.get() != null).count();
            long waited = (System.nanoTime() - start) / 1_000_000;
            if (left == 0 || waited > PATIENCE_MILLIS) {
                System.out.println(left + " of " + TIMES + " class loaders are left after " + waited + " ms");
                break;
            }
            Thread.sleep(200);
        }
        // Keeps the parent, and what it holds, until here.
        System.out.println("parent: " + (parent.getParent() != null));
        System.exit(left == 0 ? 0 : 1);
    }

    private static WeakReference<ClassLoader> load(URL[] plugin, ClassLoader parent, String how)
            throws Exception {
        try (URLClassLoader loader = new URLClassLoader(plugin, parent)) {
            System.out.println(call(loader, how.equals("drop") ? "echoAndDrop" : "echo"));
            if (how.equals("unregister")) {
                Class<?> binding = Class.forName("dev.netecho.linux.libc.JnaBinding", true, loader);
                Class.forName("com.sun.jna.Native", true, loader)
                        .getMethod("unregister", Class.class)
                        .invoke(null, binding);
            }
            return new WeakReference<>(loader);
        }
    }

    private static String ping(ClassLoader loader) throws Exception {
        return call(loader, "echo");
    }

    private static String call(ClassLoader loader, String method) throws Exception {
        return (String) Class.forName("dev.netecho.embedding.Plain", true, loader)
                .getMethod(method)
                .invoke(null);
    }

    private static URL[] jars(String path) throws MalformedURLException {
        List<URL> jars = new ArrayList<>();
        for (String jar : path.split(File.pathSeparator, -1)) {
            jars.add(new File(jar).toURI().toURL());
        }
        return jars.toArray(new URL[0]);
    }
}
