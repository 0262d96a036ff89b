// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds the functions of this package to the system's libraries. Thread-safe.
 *
 * <p>The outcome is final for the process, because a class of JNA that has failed to initialise stays unusable.
 */
public final class Bindings {
    private static final Logger LOG = LoggerFactory.getLogger(Bindings.class);
    private static final Object LOCK = new Object();
    private static final AtomicReference<@Nullable Bindings> LOADED = new AtomicReference<>();
    private static final AtomicReference<@Nullable Win32UnavailableException> FAILURE = new AtomicReference<>();

    private final Kernel32 kernel = new Kernel32();
    private final Iphlpapi icmp = new Iphlpapi();
    private final @Nullable Iphlpapi6 icmp6;
    private final String icmp6Failure;
    private final @Nullable IphlpapiErrors ipErrors;

    private Bindings() {
        bind(Kernel32.class, "kernel32");
        bind(Iphlpapi.class, "iphlpapi");
        String failure = "";
        try {
            bind(Iphlpapi6.class, "iphlpapi");
        } catch (LinkageError | RuntimeException e) { // it must not take IPv4 with it
            failure = e.toString();
        }
        icmp6 = failure.isEmpty() ? new Iphlpapi6() : null;
        icmp6Failure = failure;
        ipErrors = bindIpErrors();
    }

    private static @Nullable IphlpapiErrors bindIpErrors() {
        try {
            return ipErrorsIn("iphlpapi");
        } catch (LinkageError | RuntimeException e) { // only texts are lost
            LOG.debug("no texts of IP_STATUS values: {}", e.toString());
            return null;
        }
    }

    /**
     * {@return the bindings}
     *
     * @throws Win32UnavailableException if the system's libraries cannot be called here, with a remedy
     */
    public static Bindings load() {
        synchronized (LOCK) {
            Bindings loaded = LOADED.get();
            if (loaded != null) {
                return loaded;
            }
            Win32UnavailableException failure = FAILURE.get();
            if (failure == null) {
                try {
                    loaded = new Bindings();
                    LOADED.set(loaded);
                    return loaded;
                } catch (VirtualMachineError e) {
                    throw e;
                } catch (RuntimeException | Error e) {
                    // Error as such: JNA throws a plain java.lang.Error for a native library of the wrong version.
                    String module = Bindings.class.getModule().getName();
                    failure = LoadFailure.explain(e, module == null ? "" : module, LoadFailure.temporaryDirectory());
                    FAILURE.set(failure);
                }
            }
            throw new Win32UnavailableException(failure.reason(), failure.remedy(), failure.getCause());
        }
    }

    /** {@return the IPv6 functions in another library, such as a test's; they replace the system's in this process} */
    static Iphlpapi6 icmp6In(String library) {
        bind(Iphlpapi6.class, library);
        return new Iphlpapi6();
    }

    /** {@return the texts of IP_STATUS values in another library, as {@link #icmp6In}} */
    static IphlpapiErrors ipErrorsIn(String library) {
        bind(IphlpapiErrors.class, library);
        return new IphlpapiErrors();
    }

    /** On x86 these functions are stdcall; anywhere else JNA refuses that option ("Invalid calling convention 63"). */
    private static void bind(Class<?> functions, String library) {
        Map<String, Object> options = Native.POINTER_SIZE == PointerWidth.BITS_32.bytes()
                ? Map.of(Library.OPTION_CALLING_CONVENTION, Function.ALT_CONVENTION)
                : Map.of();
        Native.register(functions, NativeLibrary.getInstance(library, options));
    }

    /** {@return kernel32} */
    public KernelApi kernel() {
        return kernel;
    }

    /** {@return the IPv4 functions of iphlpapi} */
    public IcmpApi icmp() {
        return icmp;
    }

    /** {@return the IPv6 functions of iphlpapi; null where it does not export them} */
    public @Nullable Icmp6Api icmp6() {
        return icmp6;
    }

    /** {@return why there are no IPv6 functions; empty if there are} */
    public String icmp6Failure() {
        return icmp6Failure;
    }

    /** {@return GetIpErrorString of iphlpapi; null where it does not export it} */
    public @Nullable IpErrorApi ipErrors() {
        return ipErrors;
    }

    /**
     * {@return the address under which the system can call a routine}
     *
     * @param routine stays callable only while it is reachable
     */
    public static Pointer address(Callback routine) {
        return CallbackReference.getFunctionPointer(routine);
    }
}
