// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.backend.RateLimitedLog;
import dev.netecho.linux.libc.Epoll;
import dev.netecho.linux.libc.EpollEvent;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;
import dev.netecho.linux.socket.SystemCallException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library's own event loop: one thread, and epoll(7). */
final class EpollLoop implements EventLoop, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EpollLoop.class);
    private static final int MAX_EVENTS = 64;

    // After the events: an epoll_event of the loop's thread, one of those that wake it, and how long to wait.
    private static final int SCRATCH = MAX_EVENTS * 16;
    private static final int WAKE_SCRATCH = SCRATCH + 16;
    private static final int WAIT = WAKE_SCRATCH + 16;
    private static final int BYTES = WAIT + Timespec.SIZE;

    private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

    /** After so many waits in a row that ended at once with EINTR, each is followed by a pause. */
    private static final int FEW_SIGNALS = 16;

    /** So many of them, about a second with their pauses, are no signals: the system refuses to wait. */
    private static final int MANY_SIGNALS = 1_000;

    /** A wait that lasted this long did wait: signals may end any number of such waits, as a profiler's do. */
    private static final long AT_ONCE_NANOS = 50_000;

    private static final long PAUSE_NANOS = 1_000_000;

    /** How often a loop that fails tries to release what it watches where memory is short: about ten seconds. */
    private static final int END_ATTEMPTS = 10_000;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Watched> watches = new HashMap<>();
    private final NativeMemory memory;
    private final Runnable onTimer;
    private final Consumer<Throwable> onFailure;
    private final RateLimitedLog failures = new RateLimitedLog(EpollLoop.class);
    private final LoopThreads threads;
    private final Thread thread;
    private final int epoll;
    private final int wakeUp;
    private long timer = Long.MAX_VALUE;
    private boolean waitsExactly = true;
    private boolean ending;
    private volatile boolean ended;

    /** Opens the descriptors and starts the thread. {@code onFailure} gets the cause before the loop ends by itself. */
    EpollLoop(LoopThreads threads, Runnable onTimer, Consumer<Throwable> onFailure) throws SystemCallException {
        this.onTimer = onTimer;
        this.onFailure = onFailure;
        this.threads = threads;
        this.epoll = LibC.epoll_create1(Epoll.EPOLL_CLOEXEC);
        if (epoll < 0) {
            throw new SystemCallException("epoll_create1", LibC.errno());
        }
        int event = -1;
        NativeMemory allocated = null;
        try {
            event = LibC.eventfd(0, Epoll.EFD_NONBLOCK | Epoll.EFD_CLOEXEC);
            this.wakeUp = event;
            if (event < 0) {
                throw new SystemCallException("eventfd", LibC.errno());
            }
            allocated = NativeMemory.allocate(BYTES);
            this.memory = allocated;
            // Edge-triggered: each write wakes the loop once, and what was written need not be read.
            check("epoll_ctl", control(Epoll.EPOLL_CTL_ADD, wakeUp, Epoll.EPOLLIN | Epoll.EPOLLET));
            check("write", wake());
            // Even where epoll_pwait2 works now: a filter may deny that one later (SPEC PRO-3).
            int ready = LibC.epoll_wait(epoll, allocated.address(), MAX_EVENTS, 0);
            check("epoll_wait", ready < 0 ? LibC.errno() : 0);
            this.thread = threads.newThread(this);
            thread.start();
        } catch (SystemCallException | RuntimeException | Error e) {
            // Nothing may stay open: at a limit of the user or the host, every attempt would add to it. It also comes
            // here if an exception cannot be made, because loading its class needs a descriptor.
            if (event >= 0) {
                LibC.close(event);
            }
            LibC.close(epoll);
            if (allocated != null) {
                allocated.close();
            }
            throw e;
        }
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable task) {
        // So that no task is added after the last look at the queue, and nothing is written to a closed descriptor.
        synchronized (tasks) {
            if (ended) {
                throw new RejectedExecutionException("the event loop has ended");
            }
            tasks.add(task);
            if (!inLoop()) {
                wakeOrRefuse(task);
            }
        }
    }

    private void wakeOrRefuse(Runnable task) {
        int errno = wake();
        // It has been written to before, so it is ready, and asking for it anew wakes the loop too.
        if (errno != 0 && control(WAKE_SCRATCH, Epoll.EPOLL_CTL_MOD, wakeUp, Epoll.EPOLLIN | Epoll.EPOLLET) != 0) {
            tasks.remove(task);
            throw new IllegalStateException("the event loop cannot be woken: write: " + Errno.describe(errno));
        }
    }

    /** {@return 0, or the error number} */
    private int wake() {
        memory.buffer().putLong(WAKE_SCRATCH, 1);
        return LibC.write(wakeUp, memory.address() + WAKE_SCRATCH, Long.BYTES) < 0 ? LibC.errno() : 0;
    }

    /** The thread that opened the loop made its thread, and a new one has its maker's namespaces (clone(2)). */
    @Override
    public void requireNamespace() {}

    @Override
    public Watch watch(int fd, ReadyHandler handler) throws SystemCallException {
        Watched watched = new Watched(fd, handler);
        watches.put(fd, watched); // first: it needs memory
        int errno = control(Epoll.EPOLL_CTL_ADD, fd, Epoll.EPOLLIN);
        if (errno != 0) {
            watches.remove(fd);
            check("epoll_ctl", errno);
        }
        return watched;
    }

    @Override
    public void wakeAt(long nanoTime) {
        timer = nanoTime;
    }

    @Override
    public void shutdown() {
        ending = true;
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        return threads.join(millis);
    }

    @Override
    public void run() {
        try {
            while (!ending) {
                keepTurning();
            }
        } catch (SystemCallException | RuntimeException | Error e) {
            fail(e);
        } finally {
            end();
        }
    }

    /** What follows a lack of memory may need some too: a text constant, say, when it is first used. */
    private void keepTurning() throws SystemCallException {
        try {
            turns();
        } catch (VirtualMachineError e) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * Works until the loop is to end. Even a system call may find no memory or stack: that only costs time, and what
     * needs no wait is done meanwhile, an end of the loop too.
     */
    private void turns() throws SystemCallException {
        try {
            work();
        } catch (VirtualMachineError e) {
            report(e);
            pause();
            runTasks();
            run(onTimer); // it may have been due, and too early does no harm
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Needs no memory itself: that may be what is missing. */
    private void fail(Throwable cause) {
        try {
            onFailure.accept(cause);
        } catch (RuntimeException | Error e) {
            report(e);
        }
        try {
            LOG.warn("{}: the event loop failed and ends; its requester ends with it", threads.name(), cause);
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    private void work() throws SystemCallException {
        int signals = 0;
        while (!ending) {
            long began = signals == 0 ? 0 : System.nanoTime();
            int ready = await(waitNanos());
            if (ready >= 0) {
                signals = 0;
            } else {
                int errno = LibC.errno();
                signals = signals > 0 && System.nanoTime() - began > AT_ONCE_NANOS ? 1 : signals + 1;
                if (errno != Errno.EINTR || signals > MANY_SIGNALS) {
                    throw new SystemCallException(waitsExactly ? "epoll_pwait2" : "epoll_wait", errno);
                }
                if (signals > FEW_SIGNALS) {
                    pause();
                }
            }
            for (int i = 0; i < ready; i++) {
                serve(i * EpollEvent.SIZE);
            }
            runTasks();
            if (timer != Long.MAX_VALUE && timer - System.nanoTime() <= 0) {
                timer = Long.MAX_VALUE;
                run(onTimer);
            }
        }
    }

    /** Whatever is missing, others must learn that the loop has ended: a close waits for it. */
    private void end() {
        try {
            for (int i = 0; i < END_ATTEMPTS && !cancelAll(); i++) {
                pause();
            }
        } finally {
            synchronized (tasks) {
                ended = true;
            }
            try {
                runTasks();
            } finally {
                close();
            }
        }
    }

    /** Never tries one twice: where a call that was made finds no memory, its number may be another file's already. */
    private void close() {
        try {
            LibC.close(wakeUp);
        } finally {
            try {
                LibC.close(epoll);
            } finally {
                memory.close();
            }
        }
    }

    /** {@return whether nothing is watched any more: nothing is, unless the loop fails} */
    private boolean cancelAll() {
        try {
            while (!watches.isEmpty()) {
                Watched watched = watches.values().iterator().next();
                try {
                    watched.cancel();
                } finally {
                    watches.remove(watched.fd);
                }
            }
            return true;
        } catch (RuntimeException | Error e) {
            report(e);
            return false;
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    private void report(Throwable thrown) {
        try {
            failures.warn(threads.name(), "a task of the event loop failed; the loop continues", thrown);
        } catch (VirtualMachineError e) {
            // Not even the text could be made. The next failure is told.
        }
    }

    private void serve(int event) {
        int fd = (int) EpollEvent.data(memory.buffer(), event);
        if (fd == wakeUp) {
            return;
        }
        Watched watched = watches.get(fd);
        if (watched != null) { // else it was cancelled by an earlier event of the same round
            try {
                watched.handler.ready(EpollEvent.events(memory.buffer(), event));
            } catch (RuntimeException | Error e) {
                report(e);
            }
        }
    }

    /** {@return for how long to wait; -1 until something is ready} */
    private long waitNanos() {
        if (!tasks.isEmpty()) {
            return 0;
        }
        if (timer == Long.MAX_VALUE) {
            return -1;
        }
        return Math.max(0, Math.min(LONGEST_WAIT_NANOS, timer - System.nanoTime()));
    }

    /**
     * Waits exactly if the kernel has epoll_pwait2 (Linux 5.11) and nothing denies it. Otherwise it waits whole
     * milliseconds, rounded up: rounding down would spin for the last one.
     *
     * @return what is ready, or -1
     */
    private int await(long nanos) {
        if (waitsExactly) {
            long timeout = 0;
            if (nanos >= 0) {
                Timespec.put(memory.buffer(), WAIT, nanos);
                timeout = memory.address() + WAIT;
            }
            int ready = LibC.epoll_pwait2(epoll, memory.address(), MAX_EVENTS, timeout);
            if (ready >= 0 || LibC.errno() == Errno.EINTR) {
                return ready;
            }
            waitsExactly = false;
        }
        int millis = nanos < 0 ? -1 : (int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
        return LibC.epoll_wait(epoll, memory.address(), MAX_EVENTS, millis);
    }

    private int control(int operation, int fd, int events) {
        return control(SCRATCH, operation, fd, events);
    }

    /** {@return 0, or the error number} */
    private int control(int at, int operation, int fd, int events) {
        EpollEvent.put(memory.buffer(), at, events, fd);
        return LibC.epoll_ctl(epoll, operation, fd, memory.address() + at) < 0 ? LibC.errno() : 0;
    }

    private static void check(String call, int errno) throws SystemCallException {
        if (errno != 0) {
            throw new SystemCallException(call, errno);
        }
    }

    private void change(int operation, int fd, int events) {
        int errno = control(operation, fd, events);
        if (errno != 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(errno));
        }
    }

    private final class Watched implements Watch {
        private final int fd;
        private final ReadyHandler handler;
        private int events = Epoll.EPOLLIN;
        private boolean paused;

        Watched(int fd, ReadyHandler handler) {
            this.fd = fd;
            this.handler = handler;
        }

        @Override
        public void writable(boolean wanted) {
            events = wanted ? Epoll.EPOLLIN | Epoll.EPOLLOUT : Epoll.EPOLLIN;
            if (!paused) {
                change(Epoll.EPOLL_CTL_MOD, fd, events);
            }
        }

        @Override
        public boolean pause(boolean needed) {
            change(Epoll.EPOLL_CTL_DEL, fd, 0);
            paused = true;
            return true;
        }

        @Override
        public void resume() {
            change(Epoll.EPOLL_CTL_ADD, fd, events);
            paused = false;
        }

        @Override
        public void cancel() {
            if (watches.remove(fd) != null) {
                try {
                    if (!paused) {
                        change(Epoll.EPOLL_CTL_DEL, fd, 0);
                    }
                } catch (IllegalStateException e) {
                    LOG.debug("a descriptor could not be removed from epoll; closing it, which follows, removes it", e);
                } finally {
                    handler.released();
                }
            }
        }
    }
}
