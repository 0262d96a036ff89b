// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.netty;

import dev.netecho.linux.libc.ProcNet;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.loop.ReadyHandler;
import dev.netecho.linux.loop.Watch;
import dev.netecho.linux.socket.SystemCallException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One loop of an agent's epoll group. */
final class NettyLoop implements EventLoop {
    private final IoEventLoop loop;
    private final Runnable onTimer;

    /** The thread that opened it, and its network namespace. */
    private final String opener = Thread.currentThread().getName();

    private final String namespace = ProcNet.namespace();

    private @Nullable ScheduledFuture<?> scheduled;
    private long scheduledFor = Long.MAX_VALUE;

    /**
     * Runs for as long as each run asks for the next at once: Netty makes an object for each timer, but one for all
     * that repeat.
     */
    private @Nullable ScheduledFuture<?> repeating;

    private boolean askedAtOnce;

    private NettyLoop(IoEventLoop loop, Runnable onTimer) {
        this.loop = loop;
        this.onTimer = onTimer;
    }

    /** A group that is lent must drive epoll handles: one for NIO refuses them. */
    static NettyLoop on(EventLoopGroup lent, Runnable onTimer) {
        if (!(lent instanceof IoEventLoopGroup group) || !group.isCompatible(EpollIoHandle.class)) {
            throw new IllegalArgumentException(
                    "the event-loop group " + lent.getClass().getName()
                            + " does not run epoll handles; lend a MultiThreadIoEventLoopGroup with"
                            + " EpollIoHandler.newFactory(), or none");
        }
        if (group.isShuttingDown()) {
            throw new IllegalArgumentException("the event-loop group "
                    + group.getClass().getName() + " is shut down; lend one that runs, or none");
        }
        return new NettyLoop(group.next(), onTimer);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Netty makes a loop's thread when the loop is first used, on the thread that uses it. */
    @Override
    public void requireNamespace() {
        String own = ProcNet.namespace();
        if (ProcNet.differ(own, namespace)) {
            throw new IllegalArgumentException(
                    "the lent event loop's thread " + Thread.currentThread().getName() + " is in the network namespace "
                            + own + ", and the thread " + opener + ", which opens the requester, is in " + namespace
                            + "; open it on a thread in the loop's namespace, lend a group whose threads were made in"
                            + " this one, or lend none");
        }
    }

    @Override
    public Watch watch(int fd, ReadyHandler handler) throws SystemCallException {
        Handle handle = new Handle(new FileDescriptor(fd), handler);
        try {
            handle.resume();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof Errors.NativeIoException refused) {
                SystemCallException named = new SystemCallException("epoll_ctl", -refused.expectedErr());
                named.initCause(e);
                throw named;
            }
            throw e;
        }
        handle.watchTermination(loop.terminationFuture());
        return handle;
    }

    @Override
    public void wakeAt(long nanoTime) {
        long delay = nanoTime - System.nanoTime();
        if (nanoTime != Long.MAX_VALUE && delay <= 0) {
            askedAtOnce = true;
            // It is done if a run failed, or if the loop has ended.
            if (repeating == null || repeating.isDone()) {
                repeating = loop.scheduleWithFixedDelay(this::repeat, 0, 1, TimeUnit.NANOSECONDS);
            }
            return;
        }
        if (nanoTime == Long.MAX_VALUE || (scheduled != null && scheduledFor - nanoTime <= 0)) {
            // An early wake-up is cheap and asks again; moving the timer for every request is not.
            return;
        }
        ScheduledFuture<?> replaced = scheduled;
        scheduled = loop.schedule(this::timer, delay, TimeUnit.NANOSECONDS);
        scheduledFor = nanoTime;
        if (replaced != null) {
            replaced.cancel(false);
        }
    }

    private void timer() {
        scheduled = null;
        scheduledFor = Long.MAX_VALUE;
        onTimer.run();
    }

    private void repeat() {
        askedAtOnce = false;
        onTimer.run();
        if (!askedAtOnce) {
            endRepeating();
        }
    }

    private void endRepeating() {
        if (repeating != null) {
            repeating.cancel(false);
            repeating = null;
        }
    }

    @Override
    public void shutdown() {
        try {
            if (scheduled != null) {
                scheduled.cancel(false);
                scheduled = null;
            }
            endRepeating();
        } catch (RejectedExecutionException e) {
            // A lent loop has ended, and its timers with it: asked on another thread, Netty cancels by a task.
            scheduled = null;
            repeating = null;
        }
    }

    /** The thread is the agent's. */
    @Override
    public boolean awaitEnd(long millis) {
        return true;
    }

    private final class Handle implements EpollIoHandle, Watch {
        private final FileDescriptor descriptor;
        private final ReadyHandler handler;
        private @Nullable IoRegistration registration;
        private @Nullable Future<?> termination;
        private final FutureListener<Object> terminated = future -> unregistered();
        private EpollIoOps ops = EpollIoOps.EPOLLIN;
        private boolean pausing;
        private boolean released;

        Handle(FileDescriptor descriptor, ReadyHandler handler) {
            this.descriptor = descriptor;
            this.handler = handler;
        }

        /**
         * A lent loop that is busy when it is shut down without a quiet period ends without telling its handles (Netty
         * 4.2.18: the look at the state that leads to prepareToDestroy comes before the tasks of a round, the one that
         * ends the loop after them). Its termination is told on another thread, when the loop's own is past every task.
         */
        @SuppressWarnings("unchecked") // the listener takes any result
        void watchTermination(Future<?> future) {
            termination = future;
            ((Future<Object>) future).addListener(terminated);
        }

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            // EPOLLIN, EPOLLOUT and EPOLLERR are the numbers of ReadyHandler. The handler does not throw: what
            // escapes here would make Netty's loop sleep for a second.
            handler.ready(((EpollIoEvent) event).ops().value());
        }

        @Override
        public void writable(boolean wanted) {
            ops = wanted ? EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT) : EpollIoOps.EPOLLIN;
            if (registration != null) {
                registration.submit(ops);
            }
        }

        /** SPEC END-3: a loop that is shut down while it does not watch would not report its end. */
        @Override
        public boolean pause(boolean needed) {
            if (!needed || registration == null) {
                return false;
            }
            endRegistration(registration);
            registration = null;
            return true;
        }

        /**
         * By a registration of its own each time: Netty 4.2.18 cannot add again what it took out of epoll for no
         * events.
         */
        @Override
        public void resume() {
            IoRegistration begun = null;
            try {
                // On the loop's thread the registration is complete when the call returns.
                begun = loop.register(this).syncUninterruptibly().getNow();
                begun.submit(ops);
            } catch (Exception e) {
                // The IOException of the system call among them, which Netty does not declare.
                if (begun != null) {
                    endRegistration(begun);
                }
                throw new IllegalStateException("the event loop cannot watch the descriptor", e);
            }
            registration = begun;
        }

        /**
         * At once, being on the loop's thread. Netty then calls {@link #unregistered}, which is not to release
         * anything.
         */
        private void endRegistration(IoRegistration ending) {
            pausing = true;
            try {
                ending.cancel();
            } finally {
                pausing = false;
            }
        }

        @Override
        public void cancel() {
            try {
                if (registration == null || !registration.cancel()) {
                    unregistered();
                }
            } catch (RejectedExecutionException e) {
                // The loop has ended, and its epoll descriptor with it.
                unregistered();
            }
        }

        /**
         * Called by Netty when the registration is gone, whether we cancelled it or the loop was shut down under us.
         */
        @Override
        public void unregistered() {
            if (!released && !pausing) {
                released = true;
                forgetTermination();
                handler.released();
            }
        }

        @SuppressWarnings("unchecked") // as above
        private void forgetTermination() {
            if (termination != null) {
                ((Future<Object>) termination).removeListener(terminated);
            }
        }

        @Override
        public void close() {
            unregistered();
        }
    }
}
