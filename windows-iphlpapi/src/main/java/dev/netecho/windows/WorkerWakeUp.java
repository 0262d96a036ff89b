// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.KernelApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The event that the worker's thread waits for; any thread may wake it. Owns the event. */
final class WorkerWakeUp {
    private static final VarHandle AWAKE;

    static {
        try {
            AWAKE = MethodHandles.lookup().findVarHandle(WorkerWakeUp.class, "awake", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final KernelApi kernel;
    private final long event;

    /**
     * The thread is at work or was already woken. A plain field, so that it can be reset when the stack has no room for
     * a call.
     */
    private volatile boolean awake = true;

    private final Object eventLock = new Object();
    private boolean closed;

    WorkerWakeUp(KernelApi kernel, long event) {
        this.kernel = kernel;
        this.event = event;
    }

    /** {@return whether the thread is at work, or will be without a further call} */
    boolean isAwake() {
        return awake;
    }

    /** Says whether the thread is at work from now on; if it is not, the next {@link #wake} signals the event. */
    void setAwake(boolean atWork) {
        awake = atWork;
    }

    /** {@return 0, or the error by which the worker could not be woken} */
    int wake() {
        if (awake || (boolean) AWAKE.getAndSet(this, true)) {
            return 0;
        }
        boolean failed = true;
        try {
            synchronized (eventLock) {
                if (closed || kernel.SetEvent(event)) {
                    failed = false;
                    return 0;
                }
                return kernel.GetLastError();
            }
        } finally {
            if (failed) { // whatever was thrown, the next caller must try again
                awake = false;
            }
        }
    }

    /** Waits alertably: completions run inside. Returns early if the thread is woken. */
    void await(int millis) {
        if (kernel.WaitForSingleObjectEx(event, millis, true) == KernelApi.WAIT_FAILED) {
            throw new IllegalStateException("WaitForSingleObjectEx failed with error " + kernel.GetLastError());
        }
    }

    /** Closes the event; the thread waits no more. */
    void close() {
        synchronized (eventLock) {
            closed = true;
            kernel.CloseHandle(event);
        }
    }
}
