// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes the signals that the script {@code netecho} has blocked before it started the JVM, in a thread of its own.
 *
 * <p>The JVM leaves an ignored SIGINT ignored, as a shell's background job inherits it, and answers SIGQUIT by a dump of its
 * threads. With {@code -Xrs} it handles neither. A blocked signal stays pending, even an ignored one, until sigwait(3) takes it.
 */
final class BlockedSignals implements Runnable {
    /** Set by the script, where the {@code env} of the system can block signals. */
    private static final String PROPERTY = "netecho.signals";

    private static final Path STATUS = Path.of("/proc/self/status");

    // Of every architecture that Linux runs a JVM on.
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;
    private static final int SIGQUIT = 3;
    private static final int SIGTERM = 15;

    /** What a shell adds to the number of the signal that ended a process. */
    private static final int STATUS_OF_SIGNAL = 128;

    /** A person does not notice it; 20 looks a second cost nothing that can be measured. */
    private static final long POLL_MILLIS = 50;

    /** sigset_t of glibc and musl. */
    private static final int SIGSET_BYTES = 128;

    /** Bound by JNA when the class is first used. */
    private static final class LibC {
        static {
            Native.register(LibC.class, NativeLibrary.getInstance(null));
        }

        static native int sigwait(Pointer set, Pointer signal);
    }

    private final InterruptHook hook;

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
        boolean bound = true;
        try {
            while (true) {
                // The backend loads JNA first, because it can say why that fails. Without JNA a look at what is pending
                // will do.
                if (bound && hook.isRunning()) {
                    bound = isTakenByWaiting(taken);
                }
                long ending = status("ShdPnd:") & taken & ~(1L << SIGQUIT);
                if (ending != 0) {
                    end(Long.numberOfTrailingZeros(ending));
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** {@return the bit of a signal that is to be handled; 0 if it was ignored at the start, as nohup does} */
    private static long handled(int signal) {
        return 1L << signal & ~status("SigIgn:");
    }

    /** {@return a set of signals in proc_pid_status(5), bit n for signal n; empty where there is no such file} */
    private static long status(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    return Long.parseUnsignedLong(line.substring(field.length()).strip(), 16) << 1;
                }
            }
        } catch (IOException e) {
            // Without /proc a signal is taken when the run begins.
        }
        return 0;
    }

    /** {@return false, and at once, if JNA cannot be used} */
    private boolean isTakenByWaiting(long taken) {
        try {
            Pointer set = new Pointer(Native.malloc(SIGSET_BYTES + Integer.BYTES));
            set.clear(SIGSET_BYTES + Integer.BYTES);
            // Words of the machine's long; bit 0 of the first stands for signal 1.
            set.setNativeLong(0, new NativeLong(taken >>> 1));
            Pointer signal = set.share(SIGSET_BYTES);
            while (LibC.sigwait(set, signal) == 0) {
                if (signal.getInt(0) == SIGQUIT) {
                    hook.summarize();
                } else {
                    end(signal.getInt(0));
                }
            }
        } catch (LinkageError e) {
            // Without JNA only SIGQUIT has no effect.
        }
        return false;
    }

    /** The shutdown hook lets the run finish its report. */
    private static void end(int signal) {
        System.exit(STATUS_OF_SIGNAL + signal);
    }
}
