// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import dev.netecho.backend.ForeignFunctions;
import dev.netecho.backend.NativeBinding;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls through {@code java.lang.foreign} of JDK 22 and newer, in 64-bit processes.
 *
 * <p>The handles are constants, so the JIT compiles a call without an indirection. Those of iphlpapi that a system may
 * lack are in classes of their own.
 */
@SuppressWarnings("MemberName") // the system's spelling
final class ForeignBinding implements Binding, KernelApi, IcmpApi, NativeHeap {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignBinding.class);
    private static final String IPHLPAPI = "iphlpapi";

    /** The longest version that Wine has, and more. */
    private static final int VERSION_LENGTH = 64;

    /** IcmpSendEcho2Ex takes so many; every function is called with as many words. */
    static final int MOST_ARGUMENTS = 12;

    private static final ForeignFunctions FUNCTIONS = functions();

    private static final MethodHandle CREATE_EVENT_W = function("kernel32", "CreateEventW");
    private static final MethodHandle SET_EVENT = function("kernel32", "SetEvent");
    private static final MethodHandle CLOSE_HANDLE = function("kernel32", "CloseHandle");
    private static final MethodHandle WAIT_FOR_SINGLE_OBJECT_EX = function("kernel32", "WaitForSingleObjectEx");
    private static final MethodHandle SLEEP_EX = function("kernel32", "SleepEx");
    private static final MethodHandle FORMAT_MESSAGE_W = function("kernel32", "FormatMessageW");
    private static final MethodHandle ICMP_CREATE_FILE = function(IPHLPAPI, "IcmpCreateFile");
    private static final MethodHandle ICMP_CLOSE_HANDLE = function(IPHLPAPI, "IcmpCloseHandle");
    private static final MethodHandle ICMP_SEND_ECHO_2_EX = function(IPHLPAPI, "IcmpSendEcho2Ex");
    private static final MethodHandle ICMP_PARSE_REPLIES = function(IPHLPAPI, "IcmpParseReplies");
    private static final MethodHandle MALLOC = ofTheCLibrary("malloc");
    private static final MethodHandle FREE = ofTheCLibrary("free");
    private static final MethodHandle COMPLETED = completed();

    private final @Nullable Icmp6Api icmp6;
    private final String icmp6Failure;
    private final @Nullable IpErrorApi ipErrors;

    /** Fails with an Error if the libraries cannot be called here. */
    ForeignBinding() {
        Icmp6Api found = null;
        String failure = "";
        try {
            found = icmp6In(IPHLPAPI);
        } catch (LinkageError | RuntimeException e) { // it must not take IPv4 with it
            failure = e.toString();
        }
        icmp6 = found;
        icmp6Failure = failure;
        ipErrors = findIpErrors();
    }

    private static @Nullable IpErrorApi findIpErrors() {
        try {
            return ipErrorsIn(IPHLPAPI);
        } catch (LinkageError | RuntimeException e) { // only texts are lost
            LOG.debug("no texts of IP_STATUS values: {}", e.toString());
            return null;
        }
    }

    /** {@return the IPv6 functions in a library, such as a test's} */
    static Icmp6Api icmp6In(String library) {
        return new Icmp6(
                function(library, "Icmp6CreateFile"),
                function(library, "IcmpCloseHandle"),
                function(library, "Icmp6SendEcho2"));
    }

    /** {@return the texts of IP_STATUS values in a library, as {@link #icmp6In}} */
    static IpErrorApi ipErrorsIn(String library) {
        return new IpErrors(function(library, "GetIpErrorString"));
    }

    /** On x86 functions are stdcall, which pop what they think was pushed. */
    private static ForeignFunctions functions() {
        String processor = System.getProperty("os.arch", "");
        if (!Set.of("amd64", "aarch64").contains(processor)) {
            throw new LinkageError("not tried on os.arch " + processor);
        }
        return new ForeignFunctions(ForeignBinding::reflect, MOST_ARGUMENTS, "GetLastError");
    }

    /** So that the JVM sees this class as the caller. */
    private static @Nullable Object reflect(Method method, @Nullable Object target, Object... arguments)
            throws IllegalAccessException, InvocationTargetException {
        return method.invoke(target, arguments);
    }

    /** {@return a function of a library, such as a test's} */
    static MethodHandle function(String library, String name) {
        return found(FUNCTIONS.find(library, name), name);
    }

    private static MethodHandle ofTheCLibrary(String name) {
        return found(FUNCTIONS.find(name), name);
    }

    private static MethodHandle found(long address, String name) {
        if (address == 0) {
            throw new UnsatisfiedLinkError("Error looking up function '" + name + "'");
        }
        return FUNCTIONS.function(address);
    }

    private static MethodHandle completed() {
        try {
            return MethodHandles.lookup()
                    .findStatic(
                            ForeignBinding.class,
                            "completed",
                            MethodType.methodType(void.class, ApcRoutine.class, long.class, long.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this class is not whole", e);
        }
    }

    private static long word(boolean value) {
        return value ? 1 : 0;
    }

    @Override
    public String title() {
        return NativeBinding.FOREIGN.title();
    }

    @Override
    public KernelApi kernel() {
        return this;
    }

    @Override
    public IcmpApi icmp() {
        return this;
    }

    @Override
    public @Nullable Icmp6Api icmp6() {
        return icmp6;
    }

    @Override
    public String icmp6Failure() {
        return icmp6Failure;
    }

    @Override
    public @Nullable IpErrorApi ipErrors() {
        return ipErrors;
    }

    @Override
    public NativeHeap heap() {
        return this;
    }

    @Override
    public PointerWidth width() {
        return PointerWidth.BITS_64;
    }

    @Override
    public Optional<WineVersion> wine() {
        long address = FUNCTIONS.find("ntdll", "wine_get_version");
        if (address == 0) {
            return Optional.empty(); // no such export: Windows itself
        }
        long text = call(FUNCTIONS.function(address), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        ByteBuffer bytes = FUNCTIONS.buffer(text, VERSION_LENGTH);
        StringBuilder version = new StringBuilder();
        for (int i = 0; i < VERSION_LENGTH && bytes.get(i) != 0; i++) {
            version.append((char) bytes.get(i));
        }
        return Optional.of(WineVersion.parse(version.toString()));
    }

    @Override
    public CallableRoutine callable(ApcRoutine routine) {
        ForeignFunctions.Callback callback = FUNCTIONS.callback(COMPLETED.bindTo(routine));
        return new CallableRoutine(callback.address(), callback, callback::close);
    }

    /** {@code PIO_APC_ROUTINE}. Of the last parameter, nothing is known but that it is reserved. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the method handle calls it
    private static void completed(ApcRoutine routine, long apcContext, long ioStatusBlock, long reserved) {
        try {
            if (ioStatusBlock == 0) {
                routine.completed(apcContext, 0, 0);
            } else {
                ByteBuffer block = FUNCTIONS.buffer(ioStatusBlock, IoStatusBlock.size(PointerWidth.BITS_64));
                int at = IoStatusBlock.information(PointerWidth.BITS_64);
                routine.completed(apcContext, block.getInt(0), block.getLong(at));
            }
        } catch (Throwable lost) {
            // The JVM would end. There was no memory for the completion, which is lost: its request is overdue.
        }
    }

    @Override
    public long CreateEventW(long eventAttributes, boolean manualReset, boolean initialState, long name) {
        return call(
                CREATE_EVENT_W, eventAttributes, word(manualReset), word(initialState), name, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean SetEvent(long event) {
        return (int) call(SET_EVENT, event, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) != 0;
    }

    @Override
    public boolean CloseHandle(long object) {
        return (int) call(CLOSE_HANDLE, object, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) != 0;
    }

    @Override
    public int WaitForSingleObjectEx(long handle, int milliseconds, boolean alertable) {
        return (int) call(WAIT_FOR_SINGLE_OBJECT_EX, handle, milliseconds, word(alertable), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int SleepEx(int milliseconds, boolean alertable) {
        return (int) call(SLEEP_EX, milliseconds, word(alertable), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int FormatMessageW(
            int flags, long source, int messageId, int languageId, long buffer, int size, long arguments) {
        return (int)
                call(FORMAT_MESSAGE_W, flags, source, messageId, languageId, buffer, size, arguments, 0, 0, 0, 0, 0);
    }

    /** The JDK has kept it with the call: its own calls in between change the system's. */
    @Override
    public int GetLastError() {
        return FUNCTIONS.lastError();
    }

    @Override
    public long IcmpCreateFile() {
        return call(ICMP_CREATE_FILE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public boolean IcmpCloseHandle(long icmpHandle) {
        return (int) call(ICMP_CLOSE_HANDLE, icmpHandle, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) != 0;
    }

    @Override
    public int IcmpSendEcho2Ex(
            long icmpHandle,
            long event,
            long apcRoutine,
            long apcContext,
            int sourceAddress,
            int destinationAddress,
            long requestData,
            short requestSize,
            long requestOptions,
            long replyBuffer,
            int replySize,
            int timeout) {
        return (int) call(
                ICMP_SEND_ECHO_2_EX,
                icmpHandle,
                event,
                apcRoutine,
                apcContext,
                sourceAddress,
                destinationAddress,
                requestData,
                requestSize,
                requestOptions,
                replyBuffer,
                replySize,
                timeout);
    }

    @Override
    public int IcmpParseReplies(long replyBuffer, int replySize) {
        return (int) call(ICMP_PARSE_REPLIES, replyBuffer, replySize, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public long allocate(int size) {
        long address = call(MALLOC, size, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + size + " bytes of native memory failed");
        }
        return address;
    }

    @Override
    public void free(long address) {
        call(FREE, address, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public ByteBuffer buffer(long address, int size) {
        return FUNCTIONS.buffer(address, size);
    }

    private static long call(
            MethodHandle function,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l) {
        try {
            return (long) function.invokeExact(a, b, c, d, e, f, g, h, i, j, k, l);
        } catch (Throwable thrown) {
            throw ForeignFunctions.rethrow(thrown);
        }
    }

    /** What a system may lack altogether, and a test brings along. */
    private record Icmp6(MethodHandle createFile, MethodHandle closeHandle, MethodHandle sendEcho2)
            implements Icmp6Api {
        @Override
        public long Icmp6CreateFile() {
            return call(createFile, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public boolean IcmpCloseHandle(long icmpHandle) {
            return (int) call(closeHandle, icmpHandle, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) != 0;
        }

        @Override
        public int Icmp6SendEcho2(
                long icmpHandle,
                long event,
                long apcRoutine,
                long apcContext,
                long sourceAddress,
                long destinationAddress,
                long requestData,
                short requestSize,
                long requestOptions,
                long replyBuffer,
                int replySize,
                int timeout) {
            return (int) call(
                    sendEcho2,
                    icmpHandle,
                    event,
                    apcRoutine,
                    apcContext,
                    sourceAddress,
                    destinationAddress,
                    requestData,
                    requestSize,
                    requestOptions,
                    replyBuffer,
                    replySize,
                    timeout);
        }
    }

    /** Texts of IP_STATUS values. */
    private record IpErrors(MethodHandle getIpErrorString) implements IpErrorApi {
        @Override
        public int GetIpErrorString(int errorCode, long buffer, long size) {
            return (int) call(getIpErrorString, errorCode, buffer, size, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
    }
}
