// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code java.lang.foreign} that {@link ForeignBinding} needs. It is reached by reflection, so that it
 * compiles for JDK 17, and one class file serves every JDK.
 *
 * <p>Reflection only looks functions up; no call goes through it. The JVM sees this class as the caller, so the module
 * of this class must have native access.
 */
final class ForeignFunctions {
    /** The arguments of every function; syscall(2) has the most, a number and six. */
    private static final int WORDS = 7;

    private static final String ERRNO = "errno";

    /** dlfcn.h of glibc and musl. */
    private static final long RTLD_DEFAULT = 0;

    private static final Class<?> ARENA = type("Arena");
    private static final Class<?> SEGMENT = type("MemorySegment");
    private static final Class<?> LAYOUT = type("MemoryLayout");
    private static final Class<?> PATH_ELEMENT = type("MemoryLayout$PathElement");
    private static final Class<?> DESCRIPTOR = type("FunctionDescriptor");
    private static final Class<?> LINKER = type("Linker");
    private static final Class<?> OPTION = type("Linker$Option");
    private static final Class<?> LOOKUP = type("SymbolLookup");

    // The JDK's own objects only: a thread that made a call must not keep our class loader.
    private static final ThreadLocal<Object> SLOT = ThreadLocal.withInitial(ErrnoSlots::take);

    private static final Object SYMBOLS;
    private static final MethodHandle ANY_FUNCTION;
    private static final MethodHandle LAST_ERRNO;

    static {
        try {
            Object linker = invoke(LINKER, null, "nativeLinker", types());
            SYMBOLS = invoke(LINKER, linker, "defaultLookup", types());
            MethodHandle slot = MethodHandles.lookup()
                    .findStatic(ForeignFunctions.class, "slot", MethodType.methodType(Object.class))
                    .asType(MethodType.methodType(SEGMENT));
            MethodHandle any = (MethodHandle) invoke(
                    LINKER,
                    linker,
                    "downcallHandle",
                    types(DESCRIPTOR, OPTION.arrayType()),
                    signature(),
                    array(OPTION, invoke(OPTION, null, "captureCallState", types(String[].class), names(ERRNO))));
            ANY_FUNCTION = MethodHandles.collectArguments(any, 1, slot);
            Object state = invoke(OPTION, null, "captureStateLayout", types());
            Object path = array(PATH_ELEMENT, invoke(PATH_ELEMENT, null, "groupElement", types(String.class), ERRNO));
            MethodHandle errno = ((VarHandle) invoke(LAYOUT, state, "varHandle", types(path.getClass()), path))
                    .toMethodHandle(VarHandle.AccessMode.GET);
            LAST_ERRNO = MethodHandles.collectArguments(MethodHandles.insertArguments(errno, 1, 0L), 0, slot);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is not that of JDK 22 or newer", e);
        }
    }

    private ForeignFunctions() {}

    /**
     * {@return a function of the C library that takes seven words and returns one, and leaves its errno}
     *
     * <p>It is the one that a C program would call: dlsym(3) with RTLD_DEFAULT also finds what LD_PRELOAD puts before
     * the C library, and the JDK's own lookup does not.
     */
    static MethodHandle function(String name) {
        Object address = invoke(SEGMENT, null, "ofAddress", types(long.class), dlsym(name));
        return MethodHandles.insertArguments(ANY_FUNCTION, 0, address);
    }

    private static long dlsym(String name) {
        Optional<?> dlsym = (Optional<?>) invoke(LOOKUP, SYMBOLS, "find", types(String.class), "dlsym");
        MethodHandle call = MethodHandles.insertArguments(
                ANY_FUNCTION, 0, dlsym.orElseThrow(() -> new UnsatisfiedLinkError("no function dlsym")));
        Object arena = invoke(ARENA, null, "ofAuto", types());
        Object text = invoke(ARENA, arena, "allocateFrom", types(String.class), name);
        long address;
        try {
            long start = (long) invoke(SEGMENT, text, "address", types());
            address = (long) call.invokeExact(RTLD_DEFAULT, start, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw rethrow(thrown);
        } finally {
            Reference.reachabilityFence(text);
        }
        if (address == 0) {
            throw new UnsatisfiedLinkError("Error looking up function '" + name + "'");
        }
        return address;
    }

    /** {@return what returns the errno of the thread's last call, an int} */
    static MethodHandle errno() {
        return LAST_ERRNO;
    }

    /** {@return a direct buffer in native byte order over memory that somebody else owns} */
    static ByteBuffer buffer(long address, int size) {
        Object start = invoke(SEGMENT, null, "ofAddress", types(long.class), address);
        Object segment = invoke(SEGMENT, start, "reinterpret", types(long.class), (long) size);
        ByteBuffer buffer = (ByteBuffer) invoke(SEGMENT, segment, "asByteBuffer", types());
        return buffer.order(ByteOrder.nativeOrder());
    }

    /** Throws what a method handle threw: the functions themselves throw nothing. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Called by every function, for the place of its errno. */
    @SuppressWarnings("UnusedMethod")
    private static Object slot() {
        try {
            return SLOT.get();
        } catch (OutOfMemoryError e) {
            // A call that releases something is made nevertheless; at worst its errno is that of another such thread.
            return ErrnoSlots.SHARED;
        }
    }

    private static Object signature() throws ReflectiveOperationException {
        Object word = type("ValueLayout").getField("JAVA_LONG").get(null);
        Object[] words = (Object[]) Array.newInstance(LAYOUT, WORDS);
        Arrays.fill(words, word);
        return invoke(DESCRIPTOR, null, "of", types(LAYOUT, LAYOUT.arrayType()), word, words);
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName("java.lang.foreign." + name);
        } catch (ClassNotFoundException e) {
            throw new LinkageError("this JDK has no java.lang.foreign", e);
        }
    }

    private static Class<?>[] types(Class<?>... types) {
        return types;
    }

    private static Object names(String... names) {
        return names;
    }

    private static Object array(Class<?> type, Object element) {
        Object array = Array.newInstance(type, 1);
        Array.set(array, 0, element);
        return array;
    }

    private static Object invoke(
            Class<?> owner, @Nullable Object target, String name, Class<?>[] types, Object... arguments) {
        try {
            return owner.getMethod(name, types).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw rethrow(thrown == null ? e : thrown);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is not that of JDK 22 or newer", e);
        }
    }

    /**
     * Where the calls of a thread leave their errno.
     *
     * <p>A slot passes to another thread once its own has ended, so that there are about as many as threads live at a
     * time, and none waits for the garbage collector. A block is freed when neither this class nor a thread has it.
     */
    private static final class ErrnoSlots {
        /** A cache line, so that threads do not slow each other down. */
        private static final long SIZE = 64;

        private static final int FIRST = 1_024;

        /** Used where a thread cannot have one of its own. */
        static final Object SHARED = allocate(1);

        private static Object[] slots = new Object[0];

        /** The thread that has each slot, or null. */
        private static WeakReference<?>[] owners = new WeakReference<?>[0];

        /** Where the search continues, and how many it has found since it was at the first slot or at new ones. */
        private static int next;

        private static int found;

        static synchronized Object take() {
            while (next == owners.length || isTaken(next)) {
                next++;
                if (next >= owners.length) {
                    endRound();
                }
            }
            owners[next] = new WeakReference<>(Thread.currentThread());
            found++;
            return slots[next++];
        }

        private static boolean isTaken(int slot) {
            WeakReference<?> owner = owners[slot];
            return owner != null && owner.get() instanceof Thread thread && thread.isAlive();
        }

        /** Makes more unless half of them were free: then a search takes two steps on average. */
        private static void endRound() {
            int count = owners.length;
            if (found >= (count + 1) / 2 && count > 0) {
                next = 0;
            } else {
                int more = Math.max(FIRST, count);
                Object block = allocate(more);
                Object[] grown = Arrays.copyOf(slots, count + more);
                for (int i = 0; i < more; i++) {
                    grown[count + i] = invoke(SEGMENT, block, "asSlice", types(long.class, long.class), i * SIZE, SIZE);
                }
                owners = Arrays.copyOf(owners, count + more);
                slots = grown;
                next = count;
            }
            found = 0;
        }

        private static Object allocate(int count) {
            Object arena = invoke(ARENA, null, "ofAuto", types());
            return invoke(ARENA, arena, "allocate", types(long.class, long.class), count * SIZE, SIZE);
        }
    }
}
