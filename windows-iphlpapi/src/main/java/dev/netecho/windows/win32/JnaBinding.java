// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.CallbackReference;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.win32.StdCallLibrary.StdCallCallback;
import dev.netecho.backend.NativeBinding;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls through JNA, which the classes of the libraries name too: {@link Kernel32} and the three of iphlpapi. */
final class JnaBinding implements Binding {
    private static final Logger LOG = LoggerFactory.getLogger(JnaBinding.class);

    private final KernelApi kernel = new Kernel32();
    private final IcmpApi icmp = new Iphlpapi();
    private final @Nullable Icmp6Api icmp6;
    private final String icmp6Failure;
    private final @Nullable IpErrorApi ipErrors;

    /** Fails with an Error of JNA, or of the JVM, if the libraries cannot be called here. */
    JnaBinding() {
        bind(Kernel32.Dll.class, "kernel32");
        bind(Iphlpapi.Dll.class, "iphlpapi");
        String failure = "";
        try {
            bind(Iphlpapi6.Dll.class, "iphlpapi");
        } catch (LinkageError | RuntimeException e) { // it must not take IPv4 with it
            failure = e.toString();
        }
        icmp6 = failure.isEmpty() ? new Iphlpapi6() : null;
        icmp6Failure = failure;
        ipErrors = bindIpErrors();
    }

    private static @Nullable IpErrorApi bindIpErrors() {
        try {
            return ipErrorsIn("iphlpapi");
        } catch (LinkageError | RuntimeException e) { // only texts are lost
            LOG.debug("no texts of IP_STATUS values: {}", e.toString());
            return null;
        }
    }

    /** {@return the IPv6 functions in another library, such as a test's; they replace the system's in this process} */
    static Icmp6Api icmp6In(String library) {
        bind(Iphlpapi6.Dll.class, library);
        return new Iphlpapi6();
    }

    /** {@return the texts of IP_STATUS values in another library, as {@link #icmp6In}} */
    static IpErrorApi ipErrorsIn(String library) {
        bind(IphlpapiErrors.Dll.class, library);
        return new IphlpapiErrors();
    }

    /** On x86 these functions are stdcall; anywhere else JNA refuses that option ("Invalid calling convention 63"). */
    private static void bind(Class<?> functions, String library) {
        Map<String, Object> options = widthOfPointers() == PointerWidth.BITS_32
                ? Map.of(Library.OPTION_CALLING_CONVENTION, Function.ALT_CONVENTION)
                : Map.of();
        Native.register(functions, NativeLibrary.getInstance(library, options));
    }

    private static PointerWidth widthOfPointers() {
        return Native.POINTER_SIZE == PointerWidth.BITS_32.bytes() ? PointerWidth.BITS_32 : PointerWidth.BITS_64;
    }

    /** {@return a pointer for JNA, which passes numbers as they are: a long would be too wide on x86} */
    static @Nullable Pointer pointer(long address) {
        return address == 0 ? null : new Pointer(address);
    }

    @Override
    public String title() {
        return NativeBinding.JNA.title();
    }

    @Override
    public KernelApi kernel() {
        return kernel;
    }

    @Override
    public IcmpApi icmp() {
        return icmp;
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
        return new ProcessHeap();
    }

    @Override
    public PointerWidth width() {
        return widthOfPointers();
    }

    @Override
    public Optional<WineVersion> wine() {
        try {
            Function function = NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return Optional.of(WineVersion.parse(String.valueOf(function.invokeString(new Object[0], false))));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // no such export: Windows itself
        }
    }

    /** JNA holds callbacks weakly: the caller has to hold this one, and it goes when the caller does. */
    @Override
    public CallableRoutine callable(ApcRoutine routine) {
        PointerWidth width = widthOfPointers();
        PioApcRoutine called = (context, block, reserved) -> {
            if (block == null) {
                routine.completed(Pointer.nativeValue(context), 0, 0);
            } else {
                int at = IoStatusBlock.information(width);
                routine.completed(
                        Pointer.nativeValue(context),
                        block.getInt(0),
                        width == PointerWidth.BITS_64 ? block.getLong(at) : Integer.toUnsignedLong(block.getInt(at)));
            }
        };
        return new CallableRoutine(Pointer.nativeValue(CallbackReference.getFunctionPointer(called)), called, () -> {});
    }

    /** {@code PIO_APC_ROUTINE} as JNA calls it. */
    interface PioApcRoutine extends StdCallCallback {
        /**
         * A request has ended.
         *
         * @param apcContext the number given with the request
         * @param ioStatusBlock an {@link IoStatusBlock}, valid only during this call
         * @param reserved nothing
         */
        void completed(@Nullable Pointer apcContext, @Nullable Pointer ioStatusBlock, int reserved);
    }
}
