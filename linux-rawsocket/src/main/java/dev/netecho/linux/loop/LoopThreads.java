// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes the one thread of a loop: named, a daemon, and without a class loader of the agent. */
class LoopThreads implements ThreadFactory {
    private final String name;
    private volatile @Nullable Thread made;

    LoopThreads(String name) {
        this.name = name;
    }

    /** {@return the name of the thread} */
    String name() {
        return name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        made = thread;
        return thread;
    }

    /** {@return whether the thread was started and has not ended} */
    boolean isAlive() {
        Thread thread = made;
        return thread != null && thread.isAlive();
    }

    /** {@return whether the thread has ended, or was never needed, within some milliseconds} */
    boolean join(long millis) throws InterruptedException {
        Thread thread = made;
        if (thread == null) {
            return true;
        }
        thread.join(millis);
        return !thread.isAlive();
    }
}
