// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public API of a module, as {@code javap} prints it and with what sealed types permit, against the text in the
 * folder {@code api}.
 *
 * <p>Every public and protected member counts of every type in a package that the module exports to everyone. Their
 * order does not. A change has to be meant: {@code -Dnetecho.api.write=true} writes the text anew.
 */
public final class PublicApi {
    private static final Path FOLDER = Path.of("..", "api");
    private static final boolean WRITE = Boolean.getBoolean("netecho.api.write");

    private PublicApi() {}

    /**
     * Compares, or writes.
     *
     * @param artifact the artifact, which names the text
     * @param any a class of the module
     * @throws AssertionError if they differ; it names each line
     */
    public static void check(String artifact, Class<?> any) throws IOException {
        Path file = FOLDER.resolve(artifact + ".txt");
        List<String> now = lines(Path.of(location(any)), any.getClassLoader());
        if (WRITE) {
            Files.createDirectories(FOLDER);
            Files.write(file, now);
            return;
        }
        List<String> before = Files.readAllLines(file);
        Set<String> gone = statements(before);
        gone.removeAll(statements(now));
        Set<String> added = statements(now);
        added.removeAll(statements(before));
        if (!gone.isEmpty() || !added.isEmpty()) {
            throw new AssertionError("the public API of " + artifact + " is not what api/" + artifact + ".txt says."
                    + " Gone or changed: " + gone + ". New: " + added + ". If that is meant, say so in CHANGELOG.md,"
                    + " run `./mvnw verify -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dnetecho.api.write=true`, and commit the folder api.");
        }
    }

    private static String location(Class<?> any) {
        try {
            return Path.of(any.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return every type and every member, which begins with its type} */
    private static Set<String> statements(List<String> lines) {
        Set<String> statements = new LinkedHashSet<>();
        String type = "";
        for (String line : lines) {
            if (line.endsWith("{")) {
                type = line.substring(0, line.length() - 1);
                statements.add(type.strip());
            } else if (!line.equals("}")) {
                statements.add(type + line.strip());
            }
        }
        return statements;
    }

    private static List<String> lines(Path classes, ClassLoader loader) throws IOException {
        if (Files.isDirectory(classes)) {
            return lines(classes, classes, loader);
        }
        try (FileSystem jar = FileSystems.newFileSystem(classes)) {
            return lines(classes, jar.getPath("/"), loader);
        }
    }

    private static List<String> lines(Path classPath, Path root, ClassLoader loader) throws IOException {
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(root.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        List<String> lines = new ArrayList<>();
        Set<String> hidden = new LinkedHashSet<>();
        for (String name : names(module, root)) {
            List<String> type = type(classPath, name, loader);
            String outer = name.contains("$") ? name.substring(0, name.lastIndexOf('$')) : "";
            if (type.isEmpty() || hidden.contains(outer)) {
                hidden.add(name);
            } else {
                lines.addAll(type);
            }
        }
        return lines;
    }

    /** {@return the types of all packages that everyone may use; an outer one comes before its nested ones} */
    private static List<String> names(ModuleDescriptor module, Path root) {
        return module.exports().stream()
                .filter(each -> !each.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .flatMap(exported -> files(root.resolve(exported.replace('.', '/')))
                        .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                        .map(file -> exported + '.' + file.substring(0, file.length() - ".class".length())))
                .sorted()
                .toList();
    }

    private static Stream<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return one type with its members in the order of their text; empty if it is not public} */
    private static List<String> type(Path classPath, String name, ClassLoader loader) {
        StringWriter out = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap")
                .orElseThrow(() -> new IllegalStateException("this Java has no javap; build with a JDK"));
        PrintWriter writer = new PrintWriter(out);
        if (javap.run(writer, writer, "-protected", "-constants", "-cp", classPath.toString(), name) != 0) {
            throw new IllegalStateException("javap " + name + " failed: " + out);
        }
        List<String> printed = out.toString()
                .lines()
                .filter(line -> !line.startsWith("Compiled from"))
                .toList();
        if (!printed.get(0).startsWith("public ")) {
            return List.of();
        }
        List<String> members = new ArrayList<>(printed.subList(1, printed.size() - 1));
        Collections.sort(members);
        members.add(0, printed.get(0).replace(" {", permitted(name, loader) + " {"));
        members.add("}");
        return members;
    }

    /** {@return the types that a sealed one permits} Javap leaves them out, and one more breaks a switch over them. */
    private static String permitted(String name, ClassLoader loader) {
        try {
            Class<?>[] types = Class.forName(name, false, loader).getPermittedSubclasses();
            return types == null
                    ? ""
                    : Arrays.stream(types)
                            .map(Class::getName)
                            .sorted()
                            .collect(Collectors.joining(", ", " permits ", ""));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
