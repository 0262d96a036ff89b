// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import dev.netecho.linux.socket.SystemCallException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Netty's epoll loop: one of an agent's own, or a group of one thread that ends with us. */
final class NettyLoop implements EventLoop {
    /**
     * A loop on which nothing is scheduled wakes every second (Netty 4.2.18, AbstractScheduledEventExecutor): so
     * something always is.
     */
    private static final long NEVER_DAYS = 36_500;

    private final IoEventLoop loop;
    private final @Nullable IoEventLoopGroup owned;
    private final @Nullable LoopThreads threads;
    private final Runnable onTimer;
    private @Nullable ScheduledFuture<?> scheduled;
    private long scheduledFor = Long.MAX_VALUE;

    /**
     * Runs for as long as each run asks for the next at once: Netty makes an object for each timer, but one for all
     * that repeat.
     */
    private @Nullable ScheduledFuture<?> repeating;

    private boolean askedAtOnce;

    private NettyLoop(
            IoEventLoop loop, @Nullable IoEventLoopGroup owned, @Nullable LoopThreads threads, Runnable onTimer) {
        this.loop = loop;
        this.owned = owned;
        this.threads = threads;
        this.onTimer = onTimer;
    }

    /** {@return whether Netty's native library can be used here} */
    static boolean isAvailable() {
        return Epoll.isAvailable();
    }

    static NettyLoop own(LoopThreads threads, Runnable onTimer) {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        List<IoHandler> handlers = new ArrayList<>(1);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, threads, executor -> {
            IoHandler handler = factory.newHandler(executor);
            handlers.add(handler);
            return handler;
        });
        try {
            IoEventLoop loop = group.next();
            // It starts the thread, and is cancelled by the end of the loop.
            ScheduledFuture<?> unused = loop.schedule(() -> {}, NEVER_DAYS, TimeUnit.DAYS);
            return new NettyLoop(loop, group, threads, onTimer);
        } catch (RuntimeException | Error e) {
            if (threads.isAlive()) {
                Future<?> unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            } else { // the system has refused a thread: Netty closes the descriptors of a loop on its thread only
                handlers.forEach(IoHandler::destroy);
            }
            throw e;
        }
    }

    /** A group that is lent must drive epoll handles: one for NIO refuses them. */
    static NettyLoop lent(IoEventLoopGroup group, Runnable onTimer) {
        if (!group.isCompatible(EpollIoHandle.class)) {
            throw new IllegalArgumentException(
                    "the event-loop group " + group.getClass().getName()
                            + " does not run epoll handles; lend a MultiThreadIoEventLoopGroup with"
                            + " EpollIoHandler.newFactory(), or none");
        }
        if (group.isShuttingDown()) {
            throw new IllegalArgumentException("the event-loop group "
                    + group.getClass().getName() + " is shut down; lend one that runs, or none");
        }
        return new NettyLoop(group.next(), null, null, onTimer);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
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
        if (owned == null) {
            handle.watchTermination(loop.terminationFuture());
        }
        return handle;
    }

    @Override
    public void wakeAt(long nanoTime) {
        long delay = nanoTime - System.nanoTime();
        if (nanoTime != Long.MAX_VALUE && delay <= 0) {
            askedAtOnce = true;
            if (repeating == null || repeating.isDone()) { // done: by a run that failed, or with the loop
                repeating = loop.scheduleWithFixedDelay(this::repeat, 0, 1, TimeUnit.NANOSECONDS);
            }
            return;
        }
        if (nanoTime == Long.MAX_VALUE || (scheduled != null && scheduledFor - nanoTime <= 0)) {
            return; // an early wake-up is cheap and asks again; moving the timer for every request is not
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
        if (owned != null) {
            Future<?> unused = owned.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        // Netty says "terminated" a moment before the thread is gone: whoever looks for threads would still see it.
        return threads == null || threads.join(millis);
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

        /** SPEC END-3: a lent loop that is shut down while it looks away would not tell us. Nobody else has our own. */
        @Override
        public boolean pause(boolean needed) {
            if ((owned == null && !needed) || registration == null) {
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
            } catch (Exception e) { // the IOException of the system call among them, which Netty does not declare
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
            } catch (RejectedExecutionException e) { // the loop has ended, and its epoll descriptor with it
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
