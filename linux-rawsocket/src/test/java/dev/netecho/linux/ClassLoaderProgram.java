// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import com.sun.jna.Native;
import dev.netecho.EchoRequester;
import dev.netecho.linux.libc.LibC;
import dev.netecho.testkit.RecordedLog;
import java.io.File;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * Run by tests in a JVM of its own: loads the backend and all that it needs in class loaders of their own, uses it
 * there, closes and drops them, and says which of them are collected. Or it does not close the requesters, and says
 * which of them are closed all the same.
 */
public final class ClassLoaderProgram {
    /** JNA's cleaner thread looks every 30 s whether it is needed. */
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private static final long BETWEEN_COLLECTIONS_NANOS = 200_000_000;

    private ClassLoaderProgram() {}

    /** The first argument is {@code close} or {@code drop}; each of the others is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<URL> classPath = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(Path.of(element).toUri().toURL());
        }
        URL[] jars = classPath.toArray(new URL[0]);
        List<String> variants = Arrays.asList(arguments).subList(1, arguments.length);
        if (arguments[0].equals("drop")) {
            for (String variant : variants) {
                out.println(variant + dropOne(jars, variant));
            }
            return;
        }
        Map<String, WeakReference<ClassLoader>> loaders = new TreeMap<>();
        for (String variant : variants) {
            loaders.put(variant, useOnce(jars, variant));
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

    /** {@return whether a requester that is dropped in a class loader is closed after that, and what was logged} */
    private static String dropOne(URL[] classPath, String variant) throws Exception {
        Class<?> log;
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> there = Class.forName(ClassLoaderProgram.class.getName(), true, loader);
            there.getMethod("drop", String.class).invoke(null, variant);
            log = Class.forName(RecordedLog.class.getName(), true, loader);
        }
        boolean closed = Await.within(PATIENCE, () -> {
            LockSupport.parkNanos(BETWEEN_COLLECTIONS_NANOS);
            System.gc();
            return Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("dropped"));
        });
        return (closed ? " was closed, logged " : " is still open, logged ")
                + log.getMethod("lines").invoke(null);
    }

    /**
     * Called in a class loader: opens a requester, and does not close it.
     *
     * @param variant an {@link EngineVariant}
     */
    public static void drop(String variant) throws Exception {
        // The logging of a program has logged before; what it has to load is not the library's concern.
        LoggerFactory.getLogger(ClassLoaderProgram.class).warn("used");
        // It has sent nothing: the less it did, the less is loaded.
        EngineVariant.valueOf(variant).builder().name("dropped").open();
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
