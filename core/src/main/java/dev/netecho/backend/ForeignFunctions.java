// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code java.lang.foreign} that backends need. It is reached by reflection, so that it compiles for JDK
 * 17, and one class file serves every JDK. Thread-safe.
 *
 * <p>Reflection only looks functions up; no call goes through it.
 *
 * <p>Every function takes the same number of words, whatever it needs, and returns one, because the JDK generates code
 * for each new signature, which costs 15 ms or so each. The calling conventions of 64-bit systems allow it: arguments
 * are in registers or pushed by the caller, those left over are not looked at, and an {@code int} is the low half of a
 * word. A backend refuses processors where this is not known.
 */
public final class ForeignFunctions {
    private static final Class<?> ARENA = type("Arena");
    private static final Class<?> SEGMENT = type("MemorySegment");
    private static final Class<?> LAYOUT = type("MemoryLayout");
    private static final Class<?> PATH_ELEMENT = type("MemoryLayout$PathElement");
    private static final Class<?> DESCRIPTOR = type("FunctionDescriptor");
    private static final Class<?> LINKER = type("Linker");
    private static final Class<?> OPTION = type("Linker$Option");
    private static final Class<?> LOOKUP = type("SymbolLookup");

    // Looked up once, for those who make many buffers.
    private static final Method OF_ADDRESS = method(SEGMENT, "ofAddress", long.class);
    private static final Method REINTERPRET = method(SEGMENT, "reinterpret", long.class);
    private static final Method AS_BYTE_BUFFER = method(SEGMENT, "asByteBuffer");
    private static final Method OF_BUFFER = method(SEGMENT, "ofBuffer", Buffer.class);

    // The JDK's own objects only: a thread that made a call must not keep our class loader.
    private static final ThreadLocal<Object @Nullable []> SLOT = new ThreadLocal<>();

    private final Caller caller;
    private final Object linker;
    private final Object word;
    private final MethodHandle anyFunction;
    private final int errorOffset;

    /**
     * Makes a call by reflection. To the JVM the class of this code is the caller, so its module needs native access.
     */
    @FunctionalInterface
    public interface Caller {
        /**
         * {@return what {@link Method#invoke} returns: the body is nothing but that call}
         *
         * @param method the method
         * @param target its object; null if it is static
         * @param arguments its arguments
         * @throws IllegalAccessException as that method does
         * @throws InvocationTargetException as that method does
         */
        @Nullable
        Object invoke(Method method, @Nullable Object target, Object... arguments)
                throws IllegalAccessException, InvocationTargetException;
    }

    /**
     * Looks up what all functions have in common.
     *
     * @param caller code of the backend
     * @param words how many arguments every function takes
     * @param error where the system keeps the error of a call: {@code errno} or {@code GetLastError}
     * @throws LinkageError if this JDK has no such package
     * @throws IllegalCallerException if the JVM denies native access
     */
    public ForeignFunctions(Caller caller, int words, String error) {
        this.caller = caller;
        try {
            linker = invoke(LINKER, null, "nativeLinker", types());
            word = type("ValueLayout").getField("JAVA_LONG").get(null);
            MethodHandle slot = MethodHandles.lookup()
                    .findStatic(ForeignFunctions.class, "slot", MethodType.methodType(Object.class))
                    .asType(MethodType.methodType(SEGMENT));
            MethodHandle any = (MethodHandle) restricted(
                    LINKER,
                    linker,
                    "downcallHandle",
                    types(DESCRIPTOR, OPTION.arrayType()),
                    invoke(DESCRIPTOR, null, "of", types(LAYOUT, LAYOUT.arrayType()), word, words(words)),
                    array(OPTION, invoke(OPTION, null, "captureCallState", types(String[].class), names(error))));
            anyFunction = MethodHandles.collectArguments(any, 1, slot);
            // Not with the VarHandle of the layout: the JDK generates code for it, which costs 10 ms or so.
            Object state = invoke(OPTION, null, "captureStateLayout", types());
            Object path = array(PATH_ELEMENT, invoke(PATH_ELEMENT, null, "groupElement", types(String.class), error));
            errorOffset = (int) (long) invoke(LAYOUT, state, "byteOffset", types(path.getClass()), path);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is not that of JDK 22 or newer", e);
        }
    }

    /**
     * {@return what calls a function: it takes the words, all {@code long}, and returns one}
     *
     * @param address where the function is
     */
    public MethodHandle function(long address) {
        return MethodHandles.insertArguments(anyFunction, 0, segment(address));
    }

    /** {@return the error that the thread's last call left} */
    public int lastError() {
        Object[] own = ownSlot();
        // What the call had: once a thread has a slot, it keeps it.
        Object[] slot = own == null ? ErrorSlots.SHARED : own;
        return ((ByteBuffer) slot[1]).getInt(errorOffset);
    }

    /**
     * {@return the address of a function of the C library, as the JDK finds it; 0 if there is none}
     *
     * @param name its name
     */
    public long find(String name) {
        return find(invoke(LINKER, linker, "defaultLookup", types()), name);
    }

    /**
     * {@return the address of a function of a library, which stays loaded; 0 if it has none of this name}
     *
     * @param library the name or path of the library, as the system takes it
     * @param name the name of the function
     * @throws IllegalArgumentException if the library cannot be loaded
     */
    public long find(String library, String name) {
        Object always = invoke(ARENA, null, "global", types());
        return find(restricted(LOOKUP, null, "libraryLookup", types(String.class, ARENA), library, always), name);
    }

    private static long find(Object lookup, String name) {
        Optional<?> found = (Optional<?>) invoke(LOOKUP, lookup, "find", types(String.class), name);
        return found.isPresent() ? address(found.get()) : 0;
    }

    /**
     * {@return a direct buffer in native byte order over memory that somebody else owns}
     *
     * @param address where it begins
     * @param size its size in bytes
     */
    public ByteBuffer buffer(long address, int size) {
        Object segment = call(caller, REINTERPRET, call(Method::invoke, OF_ADDRESS, null, address), (long) size);
        return ((ByteBuffer) call(Method::invoke, AS_BYTE_BUFFER, segment)).order(ByteOrder.nativeOrder());
    }

    /**
     * {@return a function that the system can call}
     *
     * @param target what it calls: takes words, all {@code long}, and returns nothing. The JVM ends if it throws.
     */
    public Callback callback(MethodHandle target) {
        Object arena = invoke(ARENA, null, "ofShared", types());
        Object stub = restricted(
                LINKER,
                linker,
                "upcallStub",
                types(MethodHandle.class, DESCRIPTOR, ARENA, OPTION.arrayType()),
                target,
                invoke(
                        DESCRIPTOR,
                        null,
                        "ofVoid",
                        types(LAYOUT.arrayType()),
                        words(target.type().parameterCount())),
                arena,
                Array.newInstance(OPTION, 0));
        return new Callback(address(stub), (AutoCloseable) arena);
    }

    /** A function that the system can call until this is closed. The JVM keeps what it calls until then. */
    public static final class Callback implements AutoCloseable {
        private final long address;
        private final AutoCloseable arena;

        private Callback(long address, AutoCloseable arena) {
            this.address = address;
            this.arena = arena;
        }

        /** {@return where the system calls it} */
        public long address() {
            return address;
        }

        /** Takes the function away; the system must not call it any more. Once only. */
        @Override
        public void close() {
            try {
                arena.close();
            } catch (Exception e) {
                throw rethrow(e);
            }
        }
    }

    /**
     * Throws what a method handle threw: the functions themselves throw nothing.
     *
     * @param <T> hides its type from the compiler
     * @param thrown what it threw
     * @return nothing
     * @throws T always
     */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> RuntimeException rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Called by every function, for the place of its error. */
    @SuppressWarnings("UnusedMethod")
    private static Object slot() {
        Object[] slot = ownSlot();
        if (slot == null) {
            slot = newSlot();
        }
        return slot[0];
    }

    private static Object @Nullable [] ownSlot() {
        try {
            return SLOT.get();
        } catch (OutOfMemoryError e) { // for its entry in the thread's map
            return null;
        }
    }

    private static Object[] newSlot() {
        try {
            Object[] slot = ErrorSlots.take();
            if (slot != null) {
                SLOT.set(slot);
                return slot;
            }
        } catch (OutOfMemoryError e) {
            // As below.
        }
        // A call that releases something is made nevertheless; at worst its error is that of another such thread.
        return ErrorSlots.SHARED;
    }

    private Object words(int count) {
        Object[] words = (Object[]) Array.newInstance(LAYOUT, count);
        Arrays.fill(words, word);
        return words;
    }

    private static Object segment(long address) {
        return call(Method::invoke, OF_ADDRESS, null, address);
    }

    private static long address(Object segment) {
        return (long) invoke(SEGMENT, segment, "address", types());
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
        return call(Method::invoke, method(owner, name, types), target, arguments);
    }

    /** Calls a method that the JDK restricts to modules with native access. */
    private Object restricted(
            Class<?> owner, @Nullable Object target, String name, Class<?>[] types, Object... arguments) {
        return call(caller, method(owner, name, types), target, arguments);
    }

    private static Method method(Class<?> owner, String name, Class<?>... types) {
        try {
            return owner.getMethod(name, types);
        } catch (NoSuchMethodException e) {
            throw new LinkageError("java.lang.foreign is not that of JDK 22 or newer", e);
        }
    }

    private static Object call(Caller caller, Method method, @Nullable Object target, Object... arguments) {
        try {
            return Objects.requireNonNull(caller.invoke(method, target, arguments));
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw rethrow(thrown == null ? e : thrown);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is not that of JDK 22 or newer", e);
        }
    }

    /**
     * Where the calls of a thread leave their error: a segment for the call, and a buffer over it to read the error.
     *
     * <p>A slot passes to another thread once its own has ended, so that there are about as many as threads live at a
     * time, and none waits for the garbage collector. A block is freed when neither this class nor a thread has it.
     */
    private static final class ErrorSlots {
        /** A cache line, so that threads do not slow each other down. */
        private static final int SIZE = 64;

        private static final int FIRST = 1_024;

        /**
         * Where direct memory is short, the JDK looks for half a second. Not in every call: after a failure it is asked
         * again after this pause.
         */
        private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

        /** Used where a thread cannot have one of its own. */
        static final Object[] SHARED = slot(block(1), 0);

        /** Null until a thread has it: most programs need few. */
        private static Object[] @Nullable [] slots = new Object[0][];

        /** The thread that has each slot, or null. */
        private static WeakReference<?>[] owners = new WeakReference<?>[0];

        /** The memory of the slots from {@link #blockStart} on; those before have been made. */
        private static ByteBuffer block = block(0);

        private static int blockStart;

        /** Where the search continues, and how many it has found since it was at the first slot or at new ones. */
        private static int next;

        private static int found;

        private static boolean isShort;
        private static long shortNanos;

        /** {@return a slot for the calling thread; null if memory is short} */
        static synchronized Object @Nullable [] take() {
            while (next == owners.length || isTaken(next)) {
                next++;
                if (next >= owners.length && !endRound()) {
                    return null;
                }
            }
            Object[] slot = slots[next];
            if (slot == null) {
                slot = slot(block, next - blockStart);
                slots[next] = slot;
            }
            owners[next] = new WeakReference<>(Thread.currentThread());
            found++;
            next++;
            return slot;
        }

        private static boolean isTaken(int slot) {
            WeakReference<?> owner = owners[slot];
            return owner != null && owner.get() instanceof Thread thread && thread.isAlive();
        }

        /** Makes more unless half of them were free: then a search takes two steps on average. */
        private static boolean endRound() {
            int count = owners.length;
            boolean enough = count > 0 && found >= (count + 1) / 2;
            next = 0; // also if there cannot be more
            found = 0;
            return enough || grow(count);
        }

        private static boolean grow(int count) {
            if (isShort && System.nanoTime() - shortNanos < PAUSE_NANOS) {
                return false;
            }
            try {
                int more = Math.max(FIRST, count);
                ByteBuffer added = block(more);
                Object[] @Nullable [] grown = Arrays.copyOf(slots, count + more);
                owners = Arrays.copyOf(owners, count + more);
                slots = grown;
                block = added;
                blockStart = count;
                next = count;
                isShort = false;
                return true;
            } catch (OutOfMemoryError e) {
                isShort = true;
                shortNanos = System.nanoTime();
                return false;
            }
        }

        private static ByteBuffer block(int count) {
            return ByteBuffer.allocateDirect((count + 1) * SIZE).alignedSlice(SIZE);
        }

        private static Object[] slot(ByteBuffer block, int index) {
            ByteBuffer buffer = block.slice(index * SIZE, SIZE).order(ByteOrder.nativeOrder());
            return new Object[] {call(Method::invoke, OF_BUFFER, null, buffer), buffer};
        }
    }
}
