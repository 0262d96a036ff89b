// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import com.sun.jna.Native;
import dev.netecho.EchoRequester;
import dev.netecho.linux.libc.LibC;
import java.io.File;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Run by tests in a JVM of its own: loads the backend and all that it needs in class loaders of their own, uses it
 * there, drops them, and says which of them are collected.
 */
public final class ClassLoaderProgram {
    /** JNA's cleaner thread looks every 30 s whether it is needed. */
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private static final long BETWEEN_COLLECTIONS_NANOS = 200_000_000;

    private ClassLoaderProgram() {}

    /** Each argument is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<URL> classPath = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(Path.of(element).toUri().toURL());
        }
        Map<String, WeakReference<ClassLoader>> loaders = new TreeMap<>();
        for (String variant : arguments) {
            loaders.put(variant, useOnce(classPath.toArray(new URL[0]), variant));
        }
        forgetRecords();
        Await.within(PATIENCE, () -> {
            LockSupport.parkNanos(BETWEEN_COLLECTIONS_NANOS);
            System.gc();
            return loaders.values().stream().allMatch(loader -> loader.get() == null);
        });
        loaders.forEach((variant, loader) ->
                out.println(variant + (loader.get() == null ? " was collected" : " is still there")));
    }

    private static WeakReference<ClassLoader> useOnce(URL[] classPath, String variant) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> there = Class.forName(ClassLoaderProgram.class.getName(), true, loader);
            there.getMethod("use", String.class).invoke(null, variant);
            return new WeakReference<>(loader);
        }
    }

    /**
     * Called in each of the class loaders.
     *
     * @param variant an {@link EngineVariant}
     */
    public static void use(String variant) throws Exception {
        try (EchoRequester requester = EngineVariant.valueOf(variant).open()) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20))));
            Outcomes.reply(requester.send(Loopback.request(Loopback.V6, Duration.ofSeconds(20))));
        }
        if (LibC.bindingTitle().equals("JNA")) {
            // An agent has to do this too: JNA holds the methods of a class that it has bound until it is told to
            // let go.
            Native.unregister(Class.forName("dev.netecho.linux.libc.JnaBinding"));
        }
    }

    /**
     * JDK 17 keeps the last record class whose methods were linked, whoever's that was:
     * java.lang.runtime.ObjectMethods.
     */
    private static void forgetRecords() {
        Last last = new Last(Thread.currentThread());
        if (!last.equals(new Last(Thread.currentThread()))
                || last.hashCode() == 0
                || last.toString().isEmpty()) {
            throw new AssertionError("a record that is not equal to its like");
        }
    }

    private record Last(Thread component) {}
}
