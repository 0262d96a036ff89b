// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import java.util.concurrent.locks.LockSupport;

/** Sends frames into a {@link ScriptedLink} from a thread of its own, over and over, at a rate, up to a number. */
final class ForgedFlood {
    private static final int ROOM = 128;

    private final int fd;
    private final NativeMemory memory;
    private final int frames;
    private final int most;
    private final int rate;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int sent;
    private volatile long nanos;

    private ForgedFlood(int fd, ScriptedLink.Frame[] all, int most, int rate) {
        this.fd = fd;
        this.frames = all.length;
        this.most = most;
        this.rate = rate;
        int iovecs = frames * Mmsghdr.SIZE;
        int data = iovecs + frames * Iovec.SIZE;
        memory = NativeMemory.allocate(data + frames * ROOM);
        for (int i = 0; i < frames; i++) {
            byte[] octets = all[i].octets();
            memory.buffer().put(data + i * ROOM, octets);
            int iovec = iovecs + i * Iovec.SIZE;
            Iovec.put(memory.buffer(), iovec, memory.address() + data + i * ROOM, octets.length);
            Mmsghdr.init(memory.buffer(), i * Mmsghdr.SIZE, 0, 0, memory.address() + iovec, 1, 0, 0);
        }
        thread = new Thread(this::run, "forged-flood");
        thread.setDaemon(true);
    }

    /** {@return a flood that has begun; it ends before the link is closed} */
    static ForgedFlood start(ScriptedLink link, ScriptedLink.Frame[] frames, int most, int rate) {
        ForgedFlood flood = new ForgedFlood(link.socket(), frames, most, rate);
        flood.thread.start();
        return flood;
    }

    private void run() {
        long start = System.nanoTime();
        int count = 0;
        while (!stopped && count < most) {
            double due = (System.nanoTime() - start) / 1e9 * rate - count;
            if (due < frames) {
                LockSupport.parkNanos(50_000);
                continue;
            }
            count += Math.max(0, LibC.sendmmsg(fd, memory.address(), frames, Socket.MSG_DONTWAIT));
            sent = count;
        }
        nanos = System.nanoTime() - start;
    }

    int sent() {
        return sent;
    }

    /** {@return how many it sent in a second} */
    double stop() throws InterruptedException {
        stopped = true;
        thread.join();
        memory.close();
        return sent * 1e9 / nanos;
    }
}
