// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a native image of a jar has to keep for use by name, against the {@code reachability-metadata.json} in the jar.
 *
 * <p>The classes tell most of it: native methods and callbacks that JNA binds, providers, and resources. What they look
 * up by reflection is added by the caller, who also names every class that does so: another one fails. Left out is what
 * the builder computes from the code itself: {@code MethodHandles.Lookup} with constants, and {@code ServiceLoader}. A
 * change has to be meant: {@code -Dnetecho.reachability.write=true} writes the file anew.
 *
 * <p>The format is that of GraalVM for JDK 25, version 1.2.0 of its schema.
 */
public final class ReachabilityMetadata {
    private static final boolean WRITE = Boolean.getBoolean("netecho.reachability.write");
    private static final String OWN_FOLDER = "META-INF/native-image/";
    private static final int FIRST_JDK_WITH_FOREIGN = 22;

    /** What JNA reads of a class with native methods, and of a callback: com.sun.jna.Native, CallbackReference. */
    private static final List<String> OF_JNA =
            List.of("allDeclaredFields", "allDeclaredMethods", "allPublicFields", "allPublicMethods", "jniAccessible");

    private final String artifact;
    private final Path file;
    private final ClassLoader loader;
    private final SortedMap<String, Type> types = new TreeMap<>();
    private final SortedSet<String> resources = new TreeSet<>();
    private final SortedSet<String> downcalls = new TreeSet<>();
    private final SortedSet<String> upcalls = new TreeSet<>();
    private final SortedSet<String> lookups = new TreeSet<>();

    private ReachabilityMetadata(String artifact, Path file, ClassLoader loader) {
        this.artifact = artifact;
        this.file = file;
        this.loader = loader;
    }

    /** What is kept of a type, as texts. */
    private record Type(SortedSet<String> methods, SortedSet<String> fields, SortedSet<String> flags) {
        Type() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }
    }

    /**
     * {@return what the classes and resources of a module tell}
     *
     * @param folder the module's folder, below that of the project
     * @param artifact its artifact
     * @param any one of its classes
     */
    public static ReachabilityMetadata of(String folder, String artifact, Class<?> any) throws IOException {
        Path sources = Path.of("..", folder, "src", "main", "resources");
        ReachabilityMetadata metadata = new ReachabilityMetadata(
                artifact,
                sources.resolve(OWN_FOLDER + "dev.netecho/" + artifact + "/reachability-metadata.json"),
                any.getClassLoader());
        Path classes = Path.of(location(any));
        if (Files.isDirectory(classes)) {
            metadata.readClasses(classes);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                metadata.readClasses(jar.getPath("/"));
            }
        }
        metadata.readResources(sources);
        return metadata;
    }

    private static URI location(Class<?> any) {
        try {
            return any.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds a type, which is looked up. An array has {@code []} behind its name. */
    public ReachabilityMetadata type(String type) {
        types.computeIfAbsent(type, name -> new Type());
        return this;
    }

    /** Adds a method, or the constructor {@code <init>}. */
    public ReachabilityMetadata method(String type, String name, List<String> parameterTypes) {
        type(type);
        String first = "{\n          \"name\": \"" + name + "\",\n";
        String second = "          \"parameterTypes\": [" + quoted(parameterTypes) + "]\n        }";
        types.get(type).methods().add(first + second);
        return this;
    }

    /** Adds a field. */
    public ReachabilityMetadata field(String type, String name) {
        type(type);
        types.get(type).fields().add("{ \"name\": \"" + name + "\" }");
        return this;
    }

    /** Adds a resource, or a pattern of some. */
    public ReachabilityMetadata resource(String glob) {
        resources.add("    { \"glob\": \"" + glob + "\" }");
        return this;
    }

    /** Adds a function of the system that {@code java.lang.foreign} calls, and that leaves its errno. */
    public ReachabilityMetadata downcall(String returnType, List<String> parameterTypes) {
        downcalls.add("      {\n        \"returnType\": \"" + returnType + "\",\n        \"parameterTypes\": ["
                + quoted(parameterTypes) + "],\n        \"options\": { \"captureCallState\": true }\n      }");
        return this;
    }

    /** Adds a function that the system calls. */
    public ReachabilityMetadata upcall(String returnType, List<String> parameterTypes) {
        upcalls.add("      {\n        \"returnType\": \"" + returnType + "\",\n        \"parameterTypes\": ["
                + quoted(parameterTypes) + "]\n      }");
        return this;
    }

    /** Adds what a program was seen to look up. */
    public ReachabilityMetadata lookups(Collection<LookupTrace.Lookup> traced) {
        for (LookupTrace.Lookup lookup : traced) {
            switch (lookup.kind()) {
                case TYPE -> type(lookup.type());
                case METHOD -> method(lookup.type(), lookup.name(), lookup.parameterTypes());
                case FIELD -> field(lookup.type(), lookup.name());
                case DOWNCALL -> downcall(lookup.type(), lookup.parameterTypes());
                case UPCALL -> upcall(lookup.type(), lookup.parameterTypes());
            }
        }
        return this;
    }

    /** {@return whether the type is kept, with its members or without} */
    public boolean hasType(String type) {
        return types.containsKey(type);
    }

    /**
     * Compares the whole file, or writes it.
     *
     * @param known the lookups that were added or need nothing, as {@code "Class.getMethod in dev.netecho.Some"}
     * @throws AssertionError if the file is another, a lookup is not known, or something does not exist
     */
    public void check(String... known) throws IOException {
        checkLookups(known);
        types.forEach(this::checkExistence);
        String expected = text();
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        String found = Files.exists(file) ? Files.readString(file) : "";
        if (!found.equals(expected)) {
            throw new AssertionError("the metadata of " + artifact + " for native images is not what its code needs:\n"
                    + expected + "If that is meant, run `./mvnw verify -Dtest=ReachabilityTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dnetecho.reachability.write=true` on JDK "
                    + FIRST_JDK_WITH_FOREIGN + " or newer, and commit " + file);
        }
    }

    /**
     * Compares all but what is only found on a newer JDK: what is known must be in the file.
     *
     * @param known as for {@link #check}
     */
    public void checkPart(String... known) throws IOException {
        checkLookups(known);
        types.forEach(this::checkExistence);
        if (WRITE) {
            return; // another test writes the whole
        }
        String found = Files.readString(file);
        for (String entry : entries()) {
            if (!found.contains(entry)) {
                throw new AssertionError(file + " lacks what the code of " + artifact + " needs:\n" + entry);
            }
        }
    }

    private void checkLookups(String... known) {
        if (!lookups.equals(new TreeSet<>(Arrays.asList(known)))) {
            throw new AssertionError("the classes of " + artifact + " use reflection in these places: " + lookups
                    + ". Add what they look up to the test, and name them there.");
        }
    }

    private void checkExistence(String name, Type type) {
        if (name.startsWith("java.lang.foreign.") && Runtime.version().feature() < FIRST_JDK_WITH_FOREIGN) {
            return;
        }
        try {
            boolean array = name.endsWith("[]");
            Class<?> found = Class.forName(array ? name.substring(0, name.length() - 2) : name, false, loader);
            Class<?> kept = array ? Array.newInstance(found, 0).getClass() : found;
            for (String method : type.methods()) {
                String wanted = between(method, "\"name\": \"");
                boolean exists = wanted.equals("<init>")
                        ? kept.getDeclaredConstructors().length > 0
                        : Stream.concat(Arrays.stream(kept.getMethods()), Arrays.stream(kept.getDeclaredMethods()))
                                .anyMatch(each -> each.getName().equals(wanted));
                if (!exists) {
                    throw new AssertionError(name + " has no " + wanted);
                }
            }
            for (String field : type.fields()) {
                String wanted = between(field, "\"name\": \"");
                if (Arrays.stream(kept.getFields())
                        .noneMatch(each -> each.getName().equals(wanted))) {
                    throw new AssertionError(name + " has no " + wanted);
                }
            }
        } catch (ClassNotFoundException e) {
            throw new AssertionError("there is no " + name, e);
        }
    }

    private static String between(String text, String start) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf('"', from));
    }

    private void readClasses(Path root) throws IOException {
        for (Path each : files(root, ".class")) {
            String name = root.relativize(each).toString().replace('/', '.').replace('\\', '.');
            name = name.substring(0, name.length() - ".class".length());
            if (name.equals("module-info") || name.endsWith("package-info")) {
                continue;
            }
            try (InputStream in = Files.newInputStream(each)) {
                for (String lookup : ConstantPool.lookups(in)) {
                    lookups.add(lookup + " in " + name);
                }
            }
            try {
                readClass(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void readClass(Class<?> type) {
        if (Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> Modifier.isNative(method.getModifiers()))
                || is(type, "com.sun.jna.Callback")) {
            type(type.getName());
            types.get(type.getName()).flags().addAll(OF_JNA);
        }
        if (is(type, "com.sun.jna.Structure") || is(type, "com.sun.jna.Library")) {
            throw new AssertionError("this test does not know yet what JNA looks up of " + type);
        }
    }

    private static boolean is(Class<?> type, String other) {
        return supertypes(type).anyMatch(other::equals);
    }

    private static Stream<String> supertypes(Class<?> type) {
        Stream<Class<?>> above =
                Stream.concat(Arrays.stream(type.getInterfaces()), Stream.ofNullable(type.getSuperclass()));
        return above.flatMap(each -> Stream.concat(Stream.of(each.getName()), supertypes(each)));
    }

    private void readResources(Path sources) throws IOException {
        if (!Files.isDirectory(sources)) {
            return;
        }
        for (Path each : files(sources, "")) {
            String name = sources.relativize(each).toString().replace('\\', '/');
            if (name.startsWith(OWN_FOLDER)) {
                continue;
            }
            resource(name);
            if (name.startsWith("META-INF/services/")) {
                Files.readAllLines(each).stream()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .forEach(provider -> method(provider, "<init>", List.of()));
            }
        }
    }

    private static List<Path> files(Path root, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private List<String> entries() {
        List<String> entries = new ArrayList<>();
        types.forEach((name, type) -> entries.add(text(name, type)));
        entries.addAll(resources);
        entries.addAll(downcalls);
        entries.addAll(upcalls);
        return entries;
    }

    private String text() {
        List<String> parts = new ArrayList<>();
        parts.add("  \"comment\": \"ReachabilityTest compares this with the code, and can write it anew.\"");
        if (!types.isEmpty()) {
            parts.add(part("reflection", types.entrySet().stream().map(each -> text(each.getKey(), each.getValue()))));
        }
        if (!resources.isEmpty()) {
            parts.add(part("resources", resources.stream()));
        }
        if (!downcalls.isEmpty()) {
            String calls = "    \"downcalls\": [\n" + String.join(",\n", downcalls) + "\n    ]";
            if (!upcalls.isEmpty()) {
                calls += ",\n    \"upcalls\": [\n" + String.join(",\n", upcalls) + "\n    ]";
            }
            parts.add("  \"foreign\": {\n" + calls + "\n  }");
        }
        return "{\n" + String.join(",\n", parts) + "\n}\n";
    }

    private static String part(String name, Stream<String> entries) {
        return "  \"" + name + "\": [\n" + String.join(",\n", entries.toList()) + "\n  ]";
    }

    private static String text(String name, Type type) {
        List<String> lines = new ArrayList<>();
        lines.add("      \"type\": \"" + name + "\"");
        addMembers(lines, "methods", type.methods());
        addMembers(lines, "fields", type.fields());
        type.flags().forEach(flag -> lines.add("      \"" + flag + "\": true"));
        return "    {\n" + String.join(",\n", lines) + "\n    }";
    }

    private static void addMembers(List<String> lines, String title, SortedSet<String> members) {
        if (!members.isEmpty()) {
            lines.add("      \"" + title + "\": [\n        " + String.join(",\n        ", members) + "\n      ]");
        }
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> '"' + name + '"').toList());
    }
}
