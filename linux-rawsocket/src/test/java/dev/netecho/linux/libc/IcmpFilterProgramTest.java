// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The programs in an interpreter; {@link RawSocketFilterTest} has the kernel run them. */
final class IcmpFilterProgramTest {
    private static final int BASE = 0xbe40;
    private static final int MASK = 0xfff0;
    private static final int OWN = 0xbe4d;
    private static final int FOREIGN = 0xbe5d;

    private final List<SockFilter> v4 = IcmpFilterProgram.v4(BASE, MASK);
    private final List<SockFilter> v6 = IcmpFilterProgram.v6(BASE, MASK);

    @Test
    void isTheVerifiedProgramWithAMaskAndFragments() {
        assertThat(text(v4))
                .isEqualTo("b1 0 0 0, 50 0 0 0, 15 10 0 0, 15 2 0 3, 15 1 0 11, 15 0 11 12, 50 0 0 8, 54 0 0 15,"
                        + " 64 0 0 2, c 0 0 0, 7 0 0 0, 48 0 0 12, 5 0 0 1, 48 0 0 4, 54 0 0 65520, 15 0 1 48704,"
                        + " 6 0 0 -1, 6 0 0 0");
        assertThat(text(v6))
                .isEqualTo("30 0 0 0, 15 11 0 129, 45 14 0 128, 30 0 0 14, 15 4 0 58,"
                        + " 15 5 0 44, 15 9 0 0, 15 8 0 43, 15 7 8 60, 28 0 0 52, 5 0 0 3, 28 0 0 60, 5 0 0 1, "
                        + "28 0 0 4, 54 0 0 65520, 15 0 1 48704, 6 0 0 -1,"
                        + " 6 0 0 0");
    }

    @Test
    void passesOwnRepliesAndErrorsOfIpv4WhateverTheOptions() {
        for (int outer = 0; outer <= 40; outer += 4) {
            assertThat(passes4(outer, Packets.echo(0, OWN, 1))).isTrue();
            assertThat(passes4(outer, Packets.echo(0, FOREIGN, 1))).isFalse();
            for (int inner = 0; inner <= 40; inner += 4) {
                for (int type : new int[] {3, 11, 12}) {
                    String what = "type " + type + ", options " + outer + " and " + inner;
                    assertThat(passes4(outer, Packets.error(type, 1, quote(inner, OWN))))
                            .as(what)
                            .isTrue();
                    assertThat(passes4(outer, Packets.error(type, 1, quote(inner, FOREIGN))))
                            .as(what)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void dropsEveryOtherTypeOfIpv4() {
        for (int type = 0; type < 256; type++) {
            boolean reply = type == 0;
            boolean error = type == 3 || type == 11 || type == 12;
            assertThat(passes4(0, Packets.echo(type, OWN, 1)) && !error)
                    .as("type %d", type)
                    .isEqualTo(reply);
            assertThat(passes4(0, Packets.error(type, 0, quote(0, OWN))))
                    .as("type %d", type)
                    .isEqualTo(error);
        }
    }

    @Test
    void passesOwnRepliesAndErrorsOfIpv6AndNoOtherType() {
        for (int type = 0; type < 256; type++) {
            boolean reply = type == 129;
            boolean error = type < 128;
            assertThat(passes6(Packets.echo(type, OWN, 1))).as("type %d", type).isEqualTo(reply);
            assertThat(passes6(Packets.echo(type, FOREIGN, 1)))
                    .as("type %d", type)
                    .isFalse();
            assertThat(passes6(Packets.error(type, 0, quote6(OWN))))
                    .as("type %d", type)
                    .isEqualTo(error);
            assertThat(passes6(Packets.error(type, 0, quote6(FOREIGN))))
                    .as("type %d", type)
                    .isFalse();
        }
    }

    @Test
    void passesTheErrorsOfRequestsThatTheKernelFragmented() {
        for (int type = 1; type <= 4; type++) {
            assertThat(passes6(Packets.error(type, 0, fragment6(OWN))))
                    .as("type %d", type)
                    .isTrue();
            assertThat(passes6(Packets.error(type, 0, fragment6(FOREIGN))))
                    .as("type %d", type)
                    .isFalse();
        }
        assertShortest(v6, Packets.error(2, 0, fragment6(OWN)), 8 + 40 + 8 + 6);
    }

    /** A router on the way may have added a header; the receiver skips it. */
    @Test
    void passesErrorsThatQuoteAForeignExtensionHeader() {
        for (int header : new int[] {0, 43, 60}) {
            byte[] quote = fragment6(OWN);
            quote[6] = (byte) header;
            quote[43] = 0;
            assertThat(passes6(Packets.error(1, 3, quote)))
                    .as("header %d", header)
                    .isTrue();
        }
        byte[] udp = quote6(OWN);
        udp[6] = 17;
        assertThat(passes6(Packets.error(1, 3, udp)))
                .as("UDP of another socket")
                .isFalse();
    }

    @Test
    void dropsWhatIsTooShortToTell() {
        byte[] reply = Packets.ipv4(4, 1, 2, Packets.echo(0, OWN, 1));
        byte[] error = Packets.ipv4(4, 1, 2, Packets.error(3, 1, quote(8, OWN)));
        byte[] reply6 = Packets.echo(129, OWN, 1);
        byte[] error6 = Packets.error(1, 0, quote6(OWN));

        assertShortest(v4, reply, 24 + 6);
        assertShortest(v4, error, 24 + 8 + 28 + 6);
        assertShortest(v6, reply6, 6);
        assertShortest(v6, error6, 8 + 40 + 6);
    }

    @Test
    void passesExactlyTheIdentifiersOfTheBlock() {
        for (int size = 1; size <= 0x10000; size *= 16) {
            int mask = 0x10000 - size;
            int base = 0xbeef & mask;
            List<SockFilter> program4 = IcmpFilterProgram.v4(base, mask);
            List<SockFilter> program6 = IcmpFilterProgram.v6(base, mask);
            int passed = 0;
            for (int identifier = 0; identifier <= 0xffff; identifier++) {
                boolean own = identifier >= base && identifier < base + size;
                byte[] packet = Packets.ipv4(0, 1, 2, Packets.echo(0, identifier, 1));
                boolean passes = BpfInterpreter.run(program4, packet) != 0;
                if (passes != own || passes != (BpfInterpreter.run(program6, Packets.echo(129, identifier, 1)) != 0)) {
                    throw new AssertionError("block of " + size + " from " + base + ", identifier " + identifier);
                }
                passed += passes ? 1 : 0;
            }
            assertThat(passed).isEqualTo(size);
        }
    }

    @Test
    void endsOnAnyBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = new byte[random.nextInt(120)];
            random.nextBytes(packet);
            assertThat(BpfInterpreter.run(v4, packet)).as("seed %d", seed).isIn(0, -1);
            assertThat(BpfInterpreter.run(v6, packet)).as("seed %d", seed).isIn(0, -1);
        }
    }

    @Test
    void refusesABaseOutsideItsMask() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IcmpFilterProgram.v4(0x1235, 0xfff0))
                .withMessageContaining("base=0x1235 mask=0xfff0");
        assertThatIllegalArgumentException().isThrownBy(() -> IcmpFilterProgram.v6(0, 0x10000));
        assertThatIllegalArgumentException().isThrownBy(() -> IcmpFilterProgram.v6(-1, -1));
    }

    @Test
    void refusesAJumpThatDoesNotLeadForward() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new BpfProgramBuilder().label("here").jump("here").build())
                .withMessageContaining("\"here\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BpfProgramBuilder().jump("nowhere").build())
                .withMessageContaining("\"nowhere\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BpfProgramBuilder().label("twice").label("twice"))
                .withMessageContaining("\"twice\"");
    }

    private static void assertShortest(List<SockFilter> program, byte[] packet, int shortest) {
        for (int length = 0; length <= packet.length; length++) {
            assertThat(BpfInterpreter.run(program, Arrays.copyOf(packet, length)) != 0)
                    .as("length %d", length)
                    .isEqualTo(length >= shortest);
        }
    }

    private boolean passes4(int options, byte[] icmp) {
        return BpfInterpreter.run(v4, Packets.ipv4(options, 1, 2, icmp)) != 0;
    }

    private boolean passes6(byte[] icmp) {
        return BpfInterpreter.run(v6, icmp) != 0;
    }

    private static byte[] quote(int options, int identifier) {
        return Packets.ipv4(options, 2, 1, Packets.echo(8, identifier, 1));
    }

    private static byte[] quote6(int identifier) {
        return Packets.ipv6(Packets.echo(128, identifier, 1));
    }

    /** The same after a fragment header, offset 0 and more to follow. */
    private static byte[] fragment6(int identifier) {
        byte[] plain = quote6(identifier);
        byte[] quote = Arrays.copyOf(plain, plain.length + 8);
        System.arraycopy(plain, 40, quote, 48, plain.length - 40);
        Arrays.fill(quote, 40, 48, (byte) 0);
        quote[6] = 44;
        quote[40] = 58;
        quote[43] = 1;
        return quote;
    }

    private static String text(List<SockFilter> program) {
        return program.stream()
                .map(i -> Integer.toHexString(i.code()) + " " + i.jt() + " " + i.jf() + " " + i.k())
                .collect(Collectors.joining(", "));
    }
}
