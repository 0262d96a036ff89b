// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * Takes, in a separate thread, the signals that the script {@code netecho} blocked before it started the JVM.
 *
 * <p>The JVM leaves an ignored SIGINT ignored, as a shell's background job inherits it, and dumps its threads on
 * SIGQUIT. With {@code -Xrs} it handles neither. A blocked signal stays pending, even an ignored one, and proc(5) shows
 * it.
 */
final class BlockedSignals implements Runnable {
    /** Set by the script if the system's {@code env} can block signals. */
    private static final String PROPERTY = "netecho.signals";

    private static final String PENDING = "ShdPnd:";
    private static final String IGNORED = "SigIgn:";

    // The same on every architecture that Linux runs a JVM on.
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;
    private static final int SIGQUIT = 3;
    private static final int SIGTERM = 15;

    /** What a shell adds to the number of a signal that ended a process. */
    private static final int STATUS_OF_SIGNAL = 128;

    /**
     * Too short to notice. A thread that waited in sigwait(3) would delay the end of the process: the JVM gives threads
     * in native code 300 ms.
     */
    private static final long POLL_MILLIS = 100;

    /** sigset_t of glibc and musl. */
    private static final int SIGSET_BYTES = 128;

    /** Bound by JNA when it is first used: at the first signal that is taken. */
    private static final class LibC {
        static {
            Native.register(LibC.class, NativeLibrary.getInstance(null));
        }

        static native int sigwait(Pointer set, Pointer signal);
    }

    private final InterruptHook hook;
    private final SignalSets status = new SignalSets();

    private BlockedSignals(InterruptHook hook) {
        this.hook = hook;
    }

    /** Starts the thread if the script has blocked the signals; otherwise the JVM handles them. */
    static void take(InterruptHook hook) {
        if ("blocked".equals(System.getProperty(PROPERTY))) {
            Thread thread = new Thread(new BlockedSignals(hook), "netecho-signals");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void run() {
        long taken = 1L << SIGINT | 1L << SIGQUIT | handled(SIGHUP) | handled(SIGTERM);
        try {
            while (true) {
                try {
                    handle(status.set(PENDING) & taken);
                } catch (OutOfMemoryError e) {
                    // The signal stays pending. Without this thread only SIGKILL would end the process.
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("this thread is never interrupted", e);
        }
    }

    private void handle(long pending) {
        long ending = pending & ~(1L << SIGQUIT);
        if ((ending & 1L << SIGHUP) != 0 && hook.reloads() && take(SIGHUP)) {
            ending &= ~(1L << SIGHUP);
            hook.reload();
        }
        if (ending != 0) {
            // It may stay pending: the shutdown hook lets the run finish its report.
            System.exit(STATUS_OF_SIGNAL + Long.numberOfTrailingZeros(ending));
        }
        // Before the run there is nothing to sum up. And the backend must load JNA first, because it can say why JNA
        // fails.
        if ((pending & 1L << SIGQUIT) != 0 && hook.isRunning() && take(SIGQUIT)) {
            hook.summarize();
        }
    }

    /** {@return the bit of a signal that is to be handled; 0 if it was ignored at the start, as nohup does} */
    private long handled(int signal) {
        return 1L << signal & ~status.set(IGNORED);
    }

    /**
     * Takes a pending signal by sigwait(3), or the next one of its kind would not be seen.
     *
     * @return false if it stays pending: without JNA
     */
    private static boolean take(int signal) {
        try {
            Pointer set = new Pointer(Native.malloc(SIGSET_BYTES + Integer.BYTES));
            try {
                set.clear(SIGSET_BYTES + Integer.BYTES);
                // Words of the machine's long; bit 0 of the first stands for signal 1.
                set.setNativeLong(0, new NativeLong(1L << signal >>> 1));
                LibC.sigwait(set, set.share(SIGSET_BYTES));
            } finally {
                Native.free(Pointer.nativeValue(set));
            }
            return true;
        } catch (LinkageError e) {
            return false;
        }
    }
}
