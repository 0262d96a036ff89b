// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.windows.win32.ApcRoutine;
import dev.netecho.windows.win32.CallableRoutine;
import dev.netecho.windows.win32.Icmp6Api;
import dev.netecho.windows.win32.IcmpApi;
import dev.netecho.windows.win32.IpErrorApi;
import dev.netecho.windows.win32.KernelApi;
import dev.netecho.windows.win32.PointerWidth;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for Windows, behind the binding: keeps what was sent until the test completes it, and delivers completions
 * as Windows does, on the thread that sent and only inside an alertable wait of it.
 */
// The system's spelling; a request is only itself.
@SuppressWarnings({"MemberName", "ArrayRecordComponent"})
final class FakeWindows implements KernelApi, IcmpApi, Icmp6Api, IpErrorApi {
    static final int PENDING = 997;

    /** One request that the system holds. */
    record Sent(
            Thread thread,
            long apcRoutine,
            long apcContext,
            byte[] destination,
            byte[] source,
            int scopeId,
            byte[] data,
            byte[] options,
            byte[] ipOptions,
            long reply,
            int replySize,
            int timeout,
            boolean six) {}

    /** What a function does instead of its work, so many times: fails with an error, or throws. */
    private record Fault(AtomicInteger left, int error, Supplier<? extends Error> thrown) {}

    private record Completion(Sent sent, int ntStatus, long information) {}

    final GuardedHeap heap = new GuardedHeap();
    final AtomicInteger signals = new AtomicInteger();

    /** How often the thread went to wait, or looked for completions. */
    final AtomicInteger waits = new AtomicInteger();

    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger openHandles = new AtomicInteger();
    volatile int error = PENDING;
    volatile int createError;
    volatile int create6Error;
    volatile boolean create6Throws;

    /** What Java would say of the addresses of this host; empty if it can say nothing. */
    volatile List<HostAddresses.Owned> addresses = List.of();

    private final Object lock = new Object();
    private final List<Sent> sent = new ArrayList<>();
    private final Deque<Completion> completions = new ArrayDeque<>();
    private final Map<Long, ApcRoutine> routines = new HashMap<>();
    private final Set<Long> parsed = new HashSet<>();
    private final ThreadLocal<Integer> lastError = ThreadLocal.withInitial(() -> 0);
    private long registered;
    private boolean signalled;
    private int freedEarly;
    private int most;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    /** Keeps who sends until it is opened. */
    volatile CountDownLatch callsWait = new CountDownLatch(0);

    volatile boolean callsFail;
    volatile boolean answersInsideCalls;
    volatile boolean waitsFail;
    volatile boolean textsFail;
    volatile boolean parsingFails;

    WindowsSystem system() {
        return system(HostTraits.WINDOWS);
    }

    WindowsSystem system(HostTraits traits) {
        return new WindowsSystem(
                this, this, this, "", this, heap, PointerWidth.BITS_64, traits, this::register, () -> addresses);
    }

    private CallableRoutine register(ApcRoutine routine) {
        synchronized (lock) {
            long address = 0x1000L + registered++;
            routines.put(address, routine);
            return new CallableRoutine(address, routine, () -> release(address));
        }
    }

    private void release(long address) {
        synchronized (lock) {
            if (sent.stream().anyMatch(each -> each.apcRoutine == address)) {
                throw new AssertionError("the routine was released while the system holds a request that names it");
            }
            if (routines.remove(address) == null) {
                throw new AssertionError("the routine was released twice");
            }
        }
    }

    /** {@return how many routines the system may call, so that nobody may free them} */
    int routines() {
        synchronized (lock) {
            return routines.size();
        }
    }

    // --- for the test
    // -----------------------------------------------------------------------------------------------------

    /** Waits until the system holds so many requests and returns them, oldest first. */
    List<Sent> awaitSent(int number) {
        Await.until(number + " were sent", () -> held() >= number);
        synchronized (lock) {
            return List.copyOf(sent);
        }
    }

    /** Waits until the system holds a request to this address and returns it. */
    Sent awaitSentTo(String destination) {
        Await.until("a request to " + destination + " was sent", () -> find(destination) != null);
        return find(destination);
    }

    private @Nullable Sent find(String destination) {
        synchronized (lock) {
            return sent.stream()
                    .filter(each -> Arrays.equals(each.destination, address(destination)))
                    .findFirst()
                    .orElse(null);
        }
    }

    int held() {
        synchronized (lock) {
            return sent.size();
        }
    }

    /** {@return how many requests it held at a time at most} */
    int most() {
        synchronized (lock) {
            return most;
        }
    }

    /** {@return how often the system wrote to memory that was freed already} */
    int freedEarly() {
        synchronized (lock) {
            return freedEarly;
        }
    }

    /** Ends a request with a reply from its destination with its own data. */
    void reply(Sent request, int millis) {
        complete(request, 0, request.destination, millis, 57, request.data);
    }

    /** Ends a request with a status and without data. */
    void status(Sent request, int status, String responder) {
        complete(request, status, address(responder), 0, 0, new byte[0]);
    }

    /** Ends a request: the driver writes the reply buffer and queues the completion. */
    void complete(Sent request, int status, byte[] responder, int millis, int ttl, byte[] data) {
        complete(request, 0, status, responder, millis, ttl, data);
    }

    /** The same, with the NTSTATUS of the completion. */
    void complete(Sent request, int ntStatus, int status, byte[] responder, int millis, int ttl, byte[] data) {
        synchronized (lock) {
            long information = (request.six ? 36L : 40L) + data.length;
            if (check(request)) {
                ByteBuffer reply = heap.buffer(request.reply, request.replySize).order(ByteOrder.nativeOrder());
                if (request.six) {
                    reply.put(6, responder);
                    reply.putInt(22, 0);
                    reply.putInt(28, status);
                    reply.putInt(32, millis);
                    reply.put(36, data);
                } else {
                    boolean answered = status == 0
                            || (status >= 11002 && status <= 11016 && status != 11010)
                            || (status >= 11040 && status <= 11045);
                    reply.put(0, responder);
                    reply.putInt(4, status);
                    reply.putInt(8, millis);
                    reply.putShort(12, (short) data.length);
                    // What IcmpParseReplies will say.
                    reply.putShort(14, (short) (answered ? 1 : 0));
                    reply.putLong(16, request.reply + 40);
                    reply.put(24, (byte) ttl);
                    reply.put(40, data);
                }
            }
            queue(request, ntStatus, information);
        }
    }

    /**
     * Ends an IPv4 request with a reply whose data pointer leads so far from its beginning; what lies there is not
     * changed.
     */
    void misdirect(Sent request, long distance) {
        synchronized (lock) {
            ByteBuffer reply = heap.buffer(request.reply, request.replySize).order(ByteOrder.nativeOrder());
            reply.put(0, request.destination);
            reply.putInt(4, 0);
            reply.putShort(12, (short) request.data.length);
            reply.putShort(14, (short) 1);
            reply.putLong(16, request.reply + distance);
            queue(request, 0, 40L + request.data.length);
        }
    }

    /** Ends a request as a driver does that wrote nothing. */
    void untouched(Sent request, int ntStatus) {
        synchronized (lock) {
            check(request);
            queue(request, ntStatus, 0);
        }
    }

    /** A completion that belongs to no request. */
    void stray(Sent like, int context) {
        synchronized (lock) {
            Sent nobody = new Sent(
                    like.thread,
                    like.apcRoutine,
                    context,
                    like.destination,
                    like.source,
                    0,
                    like.data,
                    like.options,
                    like.ipOptions,
                    like.reply,
                    like.replySize,
                    like.timeout,
                    like.six);
            completions.add(new Completion(nobody, 0, 40));
            lock.notifyAll();
        }
    }

    private boolean check(Sent request) {
        boolean live = heap.isLive(request.reply) && heap.isLive(request.reply + request.replySize - 1);
        freedEarly += live ? 0 : 1;
        return live;
    }

    private void queue(Sent request, int ntStatus, long information) {
        if (!sent.remove(request)) {
            throw new AssertionError("completed twice: " + request);
        }
        completions.add(new Completion(request, ntStatus, information));
        lock.notifyAll();
    }

    static byte[] address(String literal) {
        return literal.isEmpty() ? new byte[4] : Requests.address(literal).getAddress();
    }

    /** Makes a function fail with an error so many times, as its documentation says that it fails. */
    void fail(String function, int times, int withError) {
        faults.put(function, new Fault(new AtomicInteger(times), withError, null));
    }

    /** Makes a function throw so many times. */
    void fail(String function, int times, Supplier<? extends Error> thrown) {
        faults.put(function, new Fault(new AtomicInteger(times), 0, thrown));
    }

    void heal() {
        faults.clear();
    }

    /** {@return whether this call fails; then the last error is set} */
    private boolean fails(String function) {
        Fault fault = faults.get(function);
        if (fault == null || fault.left.getAndDecrement() <= 0) {
            return false;
        }
        if (fault.thrown != null) {
            throw fault.thrown.get();
        }
        lastError.set(fault.error);
        return true;
    }

    // --- the functions
    // ----------------------------------------------------------------------------------------------------

    @Override
    public long IcmpCreateFile() {
        if (fails("IcmpCreateFile")) {
            return -1;
        }
        return create(createError);
    }

    @Override
    public long Icmp6CreateFile() {
        if (fails("Icmp6CreateFile")) {
            return -1;
        }
        if (create6Throws) {
            throw new UnsatisfiedLinkError("Error looking up function 'Icmp6CreateFile'");
        }
        return create(create6Error);
    }

    private long create(int failure) {
        if (failure != 0) {
            lastError.set(failure);
            return -1;
        }
        openHandles.incrementAndGet();
        return 0x77;
    }

    @Override
    public boolean IcmpCloseHandle(long icmpHandle) {
        synchronized (lock) {
            if (!sent.isEmpty()) {
                throw new AssertionError("closed with " + sent.size() + " outstanding");
            }
        }
        openHandles.decrementAndGet();
        return !fails("IcmpCloseHandle");
    }

    @Override
    public int IcmpSendEcho2Ex(
            long icmpHandle,
            long event,
            long apcRoutine,
            long apcContext,
            int sourceAddress,
            int destinationAddress,
            long requestData,
            short requestSize,
            long requestOptions,
            long replyBuffer,
            int replySize,
            int timeout) {
        byte[] options = requestOptions == 0 ? new byte[0] : bytes(requestOptions, 16);
        byte[] ipOptions = options.length == 0 || options[3] == 0
                ? new byte[0]
                : bytes(memory(requestOptions, 16).getLong(8), options[3]);
        return send(
                event,
                new Sent(
                        Thread.currentThread(),
                        apcRoutine,
                        apcContext,
                        bytes(destinationAddress),
                        bytes(sourceAddress),
                        0,
                        data(requestData, requestSize),
                        options,
                        ipOptions,
                        replyBuffer,
                        replySize,
                        timeout,
                        false));
    }

    @Override
    public int Icmp6SendEcho2(
            long icmpHandle,
            long event,
            long apcRoutine,
            long apcContext,
            long sourceAddress,
            long destinationAddress,
            long requestData,
            short requestSize,
            long requestOptions,
            long replyBuffer,
            int replySize,
            int timeout) {
        return send(
                event,
                new Sent(
                        Thread.currentThread(),
                        apcRoutine,
                        apcContext,
                        bytes(destinationAddress + 8, 16),
                        bytes(sourceAddress + 8, 16),
                        memory(destinationAddress, 28).getInt(24),
                        data(requestData, requestSize),
                        requestOptions == 0 ? new byte[0] : bytes(requestOptions, 16),
                        new byte[0],
                        replyBuffer,
                        replySize,
                        timeout,
                        true));
    }

    private int send(long event, Sent request) {
        if (event != 0) {
            throw new AssertionError("with an event, Windows does not call the routine");
        }
        calls.incrementAndGet();
        FakeEngineTest.awaitLatch(callsWait);
        if (fails(request.six ? "Icmp6SendEcho2" : "IcmpSendEcho2Ex")) {
            return 0;
        }
        if (callsFail) {
            throw new Error("Invalid memory access");
        }
        if (request.apcRoutine == 0) { // synchronous
            return 1;
        }
        int now = error; // once: a test may change it at this very moment
        lastError.set(now);
        if (now == PENDING) {
            synchronized (lock) {
                parsed.remove(request.reply);
                sent.add(request);
                most = Math.max(most, sent.size());
            }
            if (answersInsideCalls) {
                reply(request, 0);
                SleepEx(0, true);
                lastError.set(now);
            }
        }
        return 0;
    }

    private static byte[] bytes(int ipAddr) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, ipAddr)
                .array();
    }

    private ByteBuffer memory(long address, int size) {
        return heap.buffer(address, size).order(ByteOrder.nativeOrder());
    }

    private byte[] bytes(long address, int size) {
        byte[] bytes = new byte[size];
        memory(address, size).get(0, bytes);
        return bytes;
    }

    private byte[] data(long data, short size) {
        int length = Short.toUnsignedInt(size);
        return length == 0 ? new byte[0] : bytes(data, length);
    }

    /** Once per completion, as Windows: the second call finds nothing. */
    @Override
    public int IcmpParseReplies(long replyBuffer, int replySize) {
        if (parsingFails) {
            throw new Error("Invalid memory access");
        }
        if (fails("IcmpParseReplies")) {
            return 0;
        }
        synchronized (lock) {
            if (!parsed.add(replyBuffer)) {
                throw new AssertionError("IcmpParseReplies was called twice for one completion");
            }
        }
        ByteBuffer reply = memory(replyBuffer, replySize);
        int replies = reply.getShort(14);
        reply.putShort(14, (short) 0);
        lastError.set(replies == 0 ? reply.getInt(4) : 0);
        return replies;
    }

    @Override
    public long CreateEventW(long eventAttributes, boolean manualReset, boolean initialState, long name) {
        if (fails("CreateEventW")) {
            return 0;
        }
        openHandles.incrementAndGet();
        return 0x88;
    }

    @Override
    public boolean SetEvent(long event) {
        if (fails("SetEvent")) {
            return false;
        }
        synchronized (lock) {
            signals.incrementAndGet();
            signalled = true;
            lock.notifyAll();
        }
        return true;
    }

    @Override
    public boolean CloseHandle(long object) {
        openHandles.decrementAndGet();
        return !fails("CloseHandle");
    }

    @Override
    public int WaitForSingleObjectEx(long handle, int milliseconds, boolean alertable) {
        waits.incrementAndGet();
        if (fails("WaitForSingleObjectEx")) {
            return WAIT_FAILED;
        }
        long deadline = System.nanoTime() + milliseconds * 1_000_000L;
        synchronized (lock) {
            while (!signalled && completions.isEmpty()) {
                long left = milliseconds == INFINITE ? Long.MAX_VALUE : deadline - System.nanoTime();
                if (left <= 0) {
                    return 258;
                }
                try {
                    lock.wait(Math.max(1, Math.min(left / 1_000_000, 10_000)));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            if (signalled) {
                signalled = false;
                return 0; // a signalled event first: completions need another alertable wait
            }
        }
        return SleepEx(0, alertable);
    }

    @Override
    public int SleepEx(int milliseconds, boolean alertable) {
        waits.incrementAndGet();
        fails("SleepEx");
        if (waitsFail) {
            throw new Error("Invalid memory access");
        }
        long deadline = System.nanoTime() + milliseconds * 1_000_000L;
        synchronized (lock) {
            while (completions.isEmpty() && deadline - System.nanoTime() > 0) {
                try {
                    lock.wait(1);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
        int result = 0;
        for (Completion next = next(); alertable && next != null; next = next()) {
            routines.get(next.sent.apcRoutine).completed(next.sent.apcContext, next.ntStatus, next.information);
            result = 0xC0;
        }
        return result;
    }

    private Completion next() {
        synchronized (lock) {
            Completion first = completions.peek();
            if (first != null && !first.sent.thread.equals(Thread.currentThread())) {
                throw new AssertionError("an alertable wait on another thread than the one that sent");
            }
            return completions.poll();
        }
    }

    @Override
    public int FormatMessageW(
            int flags, long source, int messageId, int languageId, long buffer, int size, long arguments) {
        if (fails("FormatMessageW")) {
            return 0;
        }
        if (textsFail) {
            throw new IllegalStateException("no text");
        }
        byte[] text = ("text of\r\n" + messageId + "\r\n").getBytes(StandardCharsets.UTF_16LE);
        memory(buffer, text.length).put(0, text);
        return text.length / 2;
    }

    @Override
    public int GetIpErrorString(int errorCode, long buffer, long size) {
        if (fails("GetIpErrorString")) {
            return lastError.get();
        }
        if (textsFail) {
            throw new IllegalStateException("no text");
        }
        byte[] text = ("status\r\n" + errorCode + ".\r\n\0").getBytes(StandardCharsets.UTF_16LE);
        memory(buffer, text.length).put(0, text);
        return 0;
    }

    @Override
    public int GetLastError() {
        return lastError.get();
    }
}
