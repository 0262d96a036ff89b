// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOption;
import dev.netecho.linux.Await;
import dev.netecho.linux.LeakCheck;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.spi.EchoRequesterProvider;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Loads the backend once more, with {@link InterposedLibC} in the place of {@link LibC}: the code under test is the
 * very code that ships, and in production no call is one instruction longer for it.
 */
final class InterposedClasses extends ClassLoader {
    private static final String BACKEND = "dev.netecho.linux.";
    private static final String HARNESS = "dev.netecho.linux.faults.";

    // Tags of constants, JVMS 4.4. Those that are not here have four bytes.
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final boolean countsAllocations;

    InterposedClasses() {
        this(false);
    }

    /** {@code countsAllocations} says whether they take the steps of {@link Allocations}, too. */
    InterposedClasses(boolean countsAllocations) {
        super(InterposedClasses.class.getClassLoader());
        this.countsAllocations = countsAllocations;
    }

    EchoRequesterProvider provider(boolean raw) throws ReflectiveOperationException {
        String name = BACKEND + (raw ? "LinuxRawProvider" : "LinuxDatagramProvider");
        return (EchoRequesterProvider) loadClass(name).getConstructor().newInstance();
    }

    /** {@return an option of these classes: options are compared by identity} */
    @SuppressWarnings("unchecked") // the caller names the type, as the constant declares it
    <T> EchoOption<T> option(String constant) throws ReflectiveOperationException {
        return (EchoOption<T>)
                loadClass(BACKEND + "netty.NettyOptions").getField(constant).get(null);
    }

    /** {@return the native memory that these classes own} */
    long nativeBytes() throws ReflectiveOperationException {
        return (long)
                loadClass(NativeMemory.class.getName()).getMethod("liveBytes").invoke(null);
    }

    /** Nothing of engines is left that was not there before. */
    void assertNothingLeft(LeakCheck.Snapshot before, long bytes) throws Exception {
        if (!Await.within(PATIENCE, () -> LeakCheck.threads().isEmpty())) {
            throw new AssertionError("threads are left: " + LeakCheck.threads());
        }
        if (!Await.within(PATIENCE, () -> LeakCheck.Snapshot.now().isNotMoreThan(before))) {
            throw new AssertionError("descriptors are left: " + LeakCheck.Snapshot.now() + ", before " + before);
        }
        assertThat(nativeBytes()).isEqualTo(bytes);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(BACKEND) || name.startsWith(HARNESS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = interposed(new DataInputStream(in));
            code = countsAllocations ? Allocations.counted(code) : code;
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /**
     * {@return a class file (JVMS 4.1) in which every call of LibC is one of the interposer} Only constants are looked
     * at.
     */
    private static byte[] interposed(DataInputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(in.readLong()); // magic and version
        int constants = in.readUnsignedShort();
        out.writeShort(constants);
        for (int i = 1; i < constants; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case UTF8 -> out.writeUTF(interposed(in.readUTF()));
                case LONG, DOUBLE -> {
                    out.writeLong(in.readLong());
                    i++; // they take two places
                }
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> out.writeShort(in.readUnsignedShort());
                case METHOD_HANDLE -> {
                    out.writeByte(in.readUnsignedByte());
                    out.writeShort(in.readUnsignedShort());
                }
                default -> out.writeInt(in.readInt());
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    private static String interposed(String constant) {
        return constant.equals(internal(LibC.class)) ? internal(InterposedLibC.class) : constant;
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }
}
