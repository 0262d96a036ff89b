// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The methods that a class file calls, as far as they look something up by name (JVMS 4.4). */
final class ConstantPool {
    private static final int MAGIC = 0xCAFEBABE;

    /** The simple name of each class, and its methods that look up. */
    private static final Map<String, Set<String>> LOOKUPS = Map.of(
            "java/lang/Class",
            Set.of(
                    "forName",
                    "getMethod",
                    "getMethods",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getField",
                    "getFields",
                    "getDeclaredField",
                    "getDeclaredFields",
                    "getConstructor",
                    "getConstructors",
                    "getDeclaredConstructor",
                    "getDeclaredConstructors",
                    "getRecordComponents",
                    "getResource",
                    "getResourceAsStream",
                    "arrayType",
                    "newInstance"),
            "java/lang/ClassLoader",
            Set.of("loadClass", "getResource", "getResources", "getResourceAsStream", "getSystemResource"),
            "java/lang/Module",
            Set.of("getResourceAsStream"),
            "java/lang/reflect/Array",
            Set.of("newInstance"),
            "java/lang/reflect/Proxy",
            Set.of("newProxyInstance", "getProxyClass"),
            "java/util/ResourceBundle",
            Set.of("getBundle"));

    private final Object[] entries;

    private ConstantPool(Object[] entries) {
        this.entries = entries;
    }

    /** {@return such as {@code Class.getMethod}} */
    static SortedSet<String> lookups(InputStream classFile) throws IOException {
        return read(new DataInputStream(classFile)).lookups();
    }

    /** A constant that refers to two others, or to one and nothing. */
    private record Pair(int tag, int first, int second) {}

    private static ConstantPool read(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readInt(); // version
        Object[] entries = new Object[in.readUnsignedShort()];
        for (int i = 1; i < entries.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> entries[i] = in.readUTF();
                case 3, 4 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    i++;
                }
                case 7, 8, 16, 19, 20 -> entries[i] = new Pair(tag, in.readUnsignedShort(), 0);
                case 9, 10, 11, 12, 17, 18 ->
                    entries[i] = new Pair(tag, in.readUnsignedShort(), in.readUnsignedShort());
                case 15 -> entries[i] = new Pair(tag, in.readUnsignedByte(), in.readUnsignedShort());
                default -> throw new IOException("unknown constant " + tag);
            }
        }
        return new ConstantPool(entries);
    }

    private SortedSet<String> lookups() {
        SortedSet<String> found = new TreeSet<>();
        for (Object entry : entries) {
            if (entry instanceof Pair method && (method.tag() == 10 || method.tag() == 11)) {
                String owner = text(pair(method.first()).first());
                String name = text(pair(method.second()).first());
                if (LOOKUPS.getOrDefault(owner, Set.of()).contains(name)) {
                    found.add(owner.substring(owner.lastIndexOf('/') + 1) + "." + name);
                }
            }
        }
        return found;
    }

    private Pair pair(int index) {
        return (Pair) entries[index];
    }

    private String text(int index) {
        return (String) entries[index];
    }
}
