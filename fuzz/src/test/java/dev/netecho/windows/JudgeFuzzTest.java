// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.fuzz.Campaign;
import dev.netecho.fuzz.Mutator;
import dev.netecho.fuzz.Packets;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import dev.netecho.windows.win32.Icmp6Api;
import dev.netecho.windows.win32.IcmpApi;
import dev.netecho.windows.win32.IpStatusMessages;
import dev.netecho.windows.win32.KernelApi;
import dev.netecho.windows.win32.NativeHeap;
import dev.netecho.windows.win32.PointerWidth;
import dev.netecho.windows.win32.SystemMessages;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the Windows backend makes of any bytes in a reply buffer, in the layouts of both families and both pointer
 * widths: against ipexport.h and SPEC MAT-1, MAT-2 and ERR-1, read anew here.
 */
final class JudgeFuzzTest {
    private static final long MILLI = 1_000_000;
    private static final int[] STATUSES = {
        0, 0, 0, 0, 11001, 11002, 11003, 11004, 11005, 11006, 11009, 11010, 11012, 11013, 11014, 11015, 11016, 11018,
        11019, 11032, 11040, 11041, 11042, 11043, 11044, 11045, 11050, 11255
    };

    /** IP_STATUS that speak of a packet on its way, of IPv4 and of IPv6; with a responder they are ICMP errors. */
    private static final Map<Integer, String> ERRORS4 = Map.ofEntries(
            Map.entry(11002, "NETWORK_UNREACHABLE"),
            Map.entry(11003, "HOST_UNREACHABLE"),
            Map.entry(11004, "PROTOCOL_UNREACHABLE"),
            Map.entry(11005, "PORT_UNREACHABLE"),
            Map.entry(11009, "FRAGMENTATION_NEEDED"),
            Map.entry(11012, "SOURCE_ROUTE_FAILED"),
            Map.entry(11013, "HOP_LIMIT_EXCEEDED"),
            Map.entry(11014, "REASSEMBLY_TIME_EXCEEDED"),
            Map.entry(11015, "PARAMETER_PROBLEM"),
            Map.entry(11016, "SOURCE_QUENCH"),
            Map.entry(11040, "OTHER"),
            Map.entry(11041, "HOP_LIMIT_EXCEEDED"),
            Map.entry(11042, "OTHER"),
            Map.entry(11043, "OTHER"),
            Map.entry(11044, "OTHER"),
            Map.entry(11045, "OTHER"));

    private static final Map<Integer, String> ERRORS6 = errors6();

    private final Map<Long, Memory> blocks = new HashMap<>();
    private final StrayCounts counters = new StrayCounts();
    private final KernelApi kernel = stub(KernelApi.class, 0);
    private final Heap heap = new Heap();
    private final Judge judge = new Judge(
            counters, new SystemMessages(kernel, heap), new IpStatusMessages(null, heap), new HostAddresses(List::of));
    private int replies;
    private long strays;

    private static Map<Integer, String> errors6() {
        Map<Integer, String> errors = new HashMap<>(ERRORS4);
        errors.put(11003, "ADDRESS_UNREACHABLE");
        errors.put(11004, "ADMINISTRATIVELY_PROHIBITED");
        errors.put(11009, "PACKET_TOO_BIG");
        errors.put(11012, "OTHER");
        errors.put(11016, "OTHER");
        errors.put(11042, "PARAMETER_PROBLEM");
        errors.put(11043, "PARAMETER_PROBLEM");
        return errors;
    }

    @ParameterizedTest(name = "IPv6 {0}, {1}")
    @CsvSource({"false, BITS_64", "false, BITS_32", "true, BITS_64", "true, BITS_32"})
    void endsARequestAsTheLayoutSays(boolean ipv6, PointerWidth width) {
        counters.observe(Stray.values());
        Campaign.run("Windows, " + (ipv6 ? "IPv6, " : "IPv4, ") + width, 20, random -> round(ipv6, width, random));
    }

    private boolean round(boolean ipv6, PointerWidth width, SplittableRandom random) throws Exception {
        WindowsSystem system = new WindowsSystem(
                kernel, icmp(), null, "", null, heap, width, HostTraits.WINDOWS, routine -> null, List::of);
        IcmpHandle handle = ipv6
                ? new Ipv6Handle(system, stub(Icmp6Api.class, 0), 0)
                : new Ipv4Handle(system, icmp(), 0, new byte[0]);
        byte[] destination = Packets.random(ipv6 ? 16 : 4, random);
        destination[0] = (byte) (ipv6 ? 0x20 : 10);
        EchoPayload payload = switch (random.nextInt(4)) {
            case 0 -> EchoPayload.ofSize(random.nextInt(8));
            case 1 -> EchoPayload.of(Packets.random(random.nextInt(24), random));
            default -> EchoPayload.ofSize(8 + random.nextInt(60));
        };
        EchoRequest request = EchoRequest.newBuilder(InetAddress.getByAddress(destination))
                .payload(payload)
                .timeout(Duration.ofSeconds(1))
                .build();
        PendingEcho pending = new LoneEcho(request);
        long token = random.nextLong();
        RequestMemory memory = handle.prepare(request, token);
        try {
            return judge(ipv6, width, random, destination, payload, new PendingCall(1, pending, handle, memory, token));
        } finally {
            memory.free();
        }
    }

    private boolean judge(
            boolean ipv6,
            PointerWidth width,
            SplittableRandom random,
            byte[] destination,
            EchoPayload payload,
            PendingCall echo)
            throws Exception {
        RequestMemory memory = echo.memory;
        ByteBuffer buffer = memory.buffer();
        int start = memory.reply();
        byte[] sent = new byte[payload.size()];
        payload.copyInto(ByteBuffer.wrap(sent), 0, echo.token);

        byte[] responder = random.nextInt(6) == 0 ? Packets.random(destination.length, random) : destination;
        responder = random.nextInt(8) == 0 ? new byte[responder.length] : responder;
        int status = STATUSES[random.nextInt(STATUSES.length)];
        int millis = random.nextInt(8) == 0 ? random.nextInt(2_000) : random.nextInt(3);
        byte[] data = Mutator.mutate(sent, random.nextInt(3), random);
        int structure = ipv6 ? 36 : width == PointerWidth.BITS_64 ? 40 : 28;
        data = Arrays.copyOf(data, Math.min(data.length, memory.replySize() - structure));
        byte[] reply = ipv6
                ? reply6(responder, status, millis, data)
                : reply4(width, responder, status, millis, data, address(memory) + structure);
        byte[] changed = Mutator.mutate(reply, random.nextInt(3) == 0 ? 2 : 0, random);
        byte[] block = Arrays.copyOf(changed, memory.replySize());
        buffer.put(start, block);
        replies = random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 1;
        int ntStatus = random.nextInt(8) == 0 ? 0xC000009A : 0;
        long information = random.nextInt(16) == 0 ? random.nextInt(400) : reply.length;

        echo.calledNanos = 0;
        echo.sentNanos = 1;
        echo.completedNanos = (millis + 1L) * MILLI;
        NativeReply read = echo.handle.read(memory, ntStatus, information);
        EchoOutcome outcome = judge.outcome(echo, read);

        ByteBuffer in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        int stated = in.getInt(ipv6 ? 28 : 4);
        byte[] from = ipv6 ? Arrays.copyOfRange(block, 6, 22) : Arrays.copyOf(block, 4);
        long trip = in.getInt(ipv6 ? 32 : 8) & 0xffffffffL;
        // SPEC TIM-4: late only where neither our clock nor the system's milliseconds saw it in time, one second.
        long own = echo.completedNanos;
        boolean late = own > 1_000 * MILLI + 1 && (trip > 1_000 || (trip == 1_000 && own > 1_000 * MILLI));
        byte[] back = ipv6 ? data6(block, information) : data4(in, width, memory, block);
        boolean untouched = stated == 0 || stated == 11050;
        boolean written = ipv6
                ? information >= 36 && information <= memory.replySize() && !(ntStatus < 0 && untouched)
                : replies > 0;
        String kind = written && !isZero(from) ? (ipv6 ? ERRORS6 : ERRORS4).get(stated) : null;
        String what = "status " + stated + " of " + HexFormat.of().formatHex(block) + ": " + outcome;
        check(expected(written, stated, kind, late, from, destination, payload, sent, back), outcome, kind, what);
        return written && (stated == 0 || kind != null);
    }

    private static String expected(
            boolean written,
            int status,
            String kind,
            boolean late,
            byte[] from,
            byte[] destination,
            EchoPayload payload,
            byte[] sent,
            byte[] back) {
        if (status == 11010) {
            return "nothing, uncounted"; // the system waited long enough; the deadline is ours
        }
        if (!written || (status != 0 && kind == null)) {
            return "not sent";
        }
        if (late) {
            return "late";
        }
        if (kind != null) {
            return "error";
        }
        boolean same = Arrays.equals(sent, back);
        boolean named = payload.carriesToken()
                ? back.length >= 8 && Arrays.equals(Arrays.copyOf(sent, 8), Arrays.copyOf(back, 8))
                : same;
        if (!Arrays.equals(from, destination) || !named) {
            return "nothing";
        }
        return same ? "intact" : "altered";
    }

    private void check(String expected, EchoOutcome outcome, String kind, String what) {
        long all = counters.all(Stray.LATE, Stray.ALTERED, Stray.WRONG_SOURCE);
        long counted = all - strays;
        strays = all;
        switch (expected) {
            case "nothing, uncounted" -> {
                assertThat(outcome).as(what).isNull();
                assertThat(counted).as(what).isZero();
            }
            case "nothing" -> {
                assertThat(outcome).as(what).isNull();
                assertThat(counted).as(what).isEqualTo(1);
            }
            case "not sent" -> assertThat(outcome).as(what).isInstanceOf(EchoOutcome.NotSent.class);
            case "error" ->
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                EchoOutcome.IcmpError.class,
                                error ->
                                        assertThat(error.kind().name()).as(what).isEqualTo(kind));
            case "intact", "altered" ->
                assertThat(outcome)
                        .as(what)
                        .isInstanceOfSatisfying(
                                EchoOutcome.Reply.class,
                                reply -> assertThat(reply.payloadIntact()).isEqualTo(expected.equals("intact")));
            default -> {
                assertThat(outcome).as(what).isInstanceOf(EchoOutcome.TimedOut.class);
                assertThat(counted).as(what).isEqualTo(1);
            }
        }
    }

    /** ICMPV6_ECHO_REPLY: an address with packing 1 and two bytes behind it, status, time, data. */
    private static byte[] reply6(byte[] responder, int status, int millis, byte[] data) {
        return ByteBuffer.allocate(36 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(6, responder)
                .putInt(28, status)
                .putInt(32, millis)
                .put(36, data)
                .array();
    }

    /** ICMP_ECHO_REPLY with its pointer to the data behind it. */
    private static byte[] reply4(
            PointerWidth width, byte[] responder, int status, int millis, byte[] data, long pointer) {
        boolean wide = width == PointerWidth.BITS_64;
        ByteBuffer reply = ByteBuffer.allocate((wide ? 40 : 28) + data.length).order(ByteOrder.LITTLE_ENDIAN);
        reply.put(0, responder).putInt(4, status).putInt(8, millis).putShort(12, (short) data.length);
        reply.put(wide ? 24 : 20, (byte) 57); // Options.Ttl
        if (wide) {
            reply.putLong(16, pointer);
        } else {
            reply.putInt(16, (int) pointer);
        }
        return reply.put(wide ? 40 : 28, data).array();
    }

    private static byte[] data6(byte[] block, long information) {
        return information < 36 || information > block.length
                ? new byte[0]
                : Arrays.copyOfRange(block, 36, (int) information);
    }

    private static byte[] data4(ByteBuffer in, PointerWidth width, RequestMemory memory, byte[] block) {
        boolean wide = width == PointerWidth.BITS_64;
        long pointer = wide ? in.getLong(16) : in.getInt(16) & 0xffffffffL;
        long from = pointer - address(memory);
        int size = in.getShort(12) & 0xffff;
        // What leads out of the buffer is not followed, nor what lies in the structure itself.
        return from < (wide ? 40 : 28) || from > block.length - size
                ? new byte[0]
                : Arrays.copyOfRange(block, (int) from, (int) from + size);
    }

    /** {@return the native address of the reply buffer} */
    private static long address(RequestMemory memory) {
        return memory.address(memory.reply());
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private IcmpApi icmp() {
        return (IcmpApi) Proxy.newProxyInstance(
                IcmpApi.class.getClassLoader(),
                new Class<?>[] {IcmpApi.class},
                (proxy, method, arguments) -> method.getName().equals("IcmpParseReplies") ? replies : 0);
    }

    private static <T> T stub(Class<T> type, Object result) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> result));
    }

    /** Memory of this process below 4 GiB is not to be had: a pointer of 32 bits keeps the low half of the address. */
    private final class Heap implements NativeHeap {
        @Override
        public long allocate(int size) {
            Memory memory = new Memory(size);
            long address = Pointer.nativeValue(memory);
            blocks.put(address, memory);
            return address;
        }

        @Override
        public void free(long address) {
            blocks.remove(address).close();
        }

        @Override
        public ByteBuffer buffer(long address, int size) {
            return blocks.get(address).getByteBuffer(0, size).order(ByteOrder.nativeOrder());
        }
    }
}
