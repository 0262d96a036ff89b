// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import com.sun.jna.Memory;
import dev.netecho.IpVersion;
import dev.netecho.testkit.wire.PacketBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one thread that reads requests from the TUN device and writes answers to it, each at its time. */
final class Responder implements AutoCloseable {
    // Packets between reading and writing: this many reads at most hold up an answer.
    private static final int BATCH = 32;

    private static final int POLLFD_SIZE = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int TIMESPEC_OFFSET = 2 * POLLFD_SIZE;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final long CLOSE_SECONDS = 10;
    private static final int WARM_UP = 3_000;

    private final TunDevice device;
    private final DuePackets due;
    private final Outbox outbox;
    private final WireLog log;
    private final Reassembler reassembler = new Reassembler();
    private final int wakeUp;
    private final Memory memory = new Memory(TIMESPEC_OFFSET + 2 * Long.BYTES);
    private final ByteBuffer bytes = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
    private final Thread thread = new Thread(this::run, "netecho-lab");
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    private Responder(TunDevice device, DuePackets due, Outbox outbox, WireLog log, int wakeUp) {
        this.device = device;
        this.due = due;
        this.outbox = outbox;
        this.log = log;
        this.wakeUp = wakeUp;
        pollfd(0, device.fd());
        pollfd(POLLFD_SIZE, wakeUp);
    }

    static Responder start(TunDevice device, DuePackets due, Outbox outbox, WireLog log)
            throws LabUnavailableException {
        int wakeUp = LibC.check(LibC.eventfd(0, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "eventfd");
        Responder responder = new Responder(device, due, outbox, log, wakeUp);
        warmUp();
        responder.thread.setDaemon(true);
        responder.thread.start();
        return responder;
    }

    private void run() {
        // The default of 50 us would make every delay late by as much.
        LibC.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
        try {
            while (!closed) {
                due.sendDue(System.nanoTime(), BATCH);
                if (readSome() == 0) {
                    await(due.untilNext(System.nanoTime()));
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    private int readSome() {
        for (int i = 0; i < BATCH; i++) {
            byte[] packet = device.read();
            if (packet.length == 0) {
                return i;
            }
            Arrival arrival = reassembler.offer(packet);
            ReceivedEcho echo = arrival == null ? null : ReceivedEcho.of(arrival, System.nanoTime());
            if (echo == null) {
                if (arrival != null) {
                    log.addOther(arrival.packet());
                }
            } else {
                log.add(echo);
                outbox.answering(echo);
                LabPlan.rowOf(echo.number()).answer(echo, outbox);
            }
        }
        return BATCH;
    }

    /**
     * Answers made-up requests and drops the answers, so that no answer is late because its code runs for the first
     * time.
     */
    private static void warmUp() {
        DuePackets unsent = new DuePackets(packet -> true);
        Outbox nowhere = new Outbox(unsent);
        for (IpVersion version : IpVersion.values()) {
            byte[] request = new PacketBuilder(
                            version,
                            LabAddress.bytes(version, 1),
                            LabAddress.bytes(version, LabPlan.MANY_AT_ONCE.first()))
                    .type(version.echoRequestType())
                    .body(new byte[56])
                    .build();
            for (int i = 0; i < WARM_UP; i++) {
                ReceivedEcho echo = ReceivedEcho.of(new Arrival(request, 1, request.length), System.nanoTime());
                if (echo != null) {
                    nowhere.answering(echo);
                    LabPlan.rowOf(echo.number()).answer(echo, nowhere);
                    Replies.heldBack(echo, nowhere, 0, 0);
                    unsent.sendDue(echo.nanos(), 1);
                }
            }
        }
    }

    private void await(long nanos) {
        if (nanos <= 0) {
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        bytes.putLong(TIMESPEC_OFFSET, seconds);
        bytes.putLong(TIMESPEC_OFFSET + Long.BYTES, nanos - TimeUnit.SECONDS.toNanos(seconds));
        long address = LibC.address(memory);
        LibC.ppoll(address, 2, nanos == Long.MAX_VALUE ? 0 : address + TIMESPEC_OFFSET, 0);
    }

    private void pollfd(int offset, int fd) {
        bytes.putInt(offset, fd);
        bytes.putShort(offset + POLLFD_EVENTS, (short) LibC.POLLIN);
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        closed = true;
        try (Memory one = new Memory(Long.BYTES)) {
            one.setLong(0, 1);
            LibC.write(wakeUp, LibC.address(one), Long.BYTES);
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        while (thread.isAlive() && System.nanoTime() - deadline < 0) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("the lab's thread did not end within " + CLOSE_SECONDS + " s");
        }
        LibC.close(wakeUp);
        memory.close();
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("the lab's thread ended before it was told to", cause);
        }
    }
}
