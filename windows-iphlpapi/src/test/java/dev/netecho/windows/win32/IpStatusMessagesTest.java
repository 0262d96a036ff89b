// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GetIpErrorString as documented, and as it might misbehave. */
final class IpStatusMessagesTest {
    private static final int NO_ERROR = 0;
    private static final int INSUFFICIENT_BUFFER = 122;
    private static final int NO_TEXT = 317;

    private final NativeHeap heap = ApiAccess.heap();

    /** The sizes that were given. */
    private final List<Integer> sizes = new ArrayList<>();

    /** A system that has one text for all. */
    private IpStatusMessages withText(String text) {
        return messages((status, buffer, size) -> {
            int room = number(size).getInt(0);
            sizes.add(room);
            number(size).putInt(0, text.length());
            if (text.length() > room) {
                return INSUFFICIENT_BUFFER;
            }
            byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_16LE);
            heap.buffer(buffer, bytes.length).put(0, bytes);
            return NO_ERROR;
        });
    }

    /** A system that fails with an error and leaves a size. */
    private IpStatusMessages thatFails(int error, int needed) {
        return messages((status, buffer, size) -> {
            sizes.add(number(size).getInt(0));
            heap.buffer(buffer, 7).put(0, "rubbish".getBytes(StandardCharsets.US_ASCII));
            number(size).putInt(0, needed);
            return error;
        });
    }

    private IpStatusMessages messages(IpErrorApi system) {
        return new IpStatusMessages(system, heap);
    }

    private ByteBuffer number(long address) {
        return heap.buffer(address, Integer.BYTES);
    }

    @Test
    void aTextIsOneLine() {
        assertThat(withText("General\r\nfailure.\r\n").text(11050)).isEqualTo("General failure.");
    }

    @Test
    void withoutTheFunctionThereIsNone() {
        assertThat(new IpStatusMessages(null, heap).text(11050)).isEmpty();
    }

    @Test
    void aTextThatJustFitsIsReadWhole() {
        int room = room();
        String text = "x".repeat(room - 1) + "y";
        assertThat(withText(text).text(11050)).isEqualTo(text);
    }

    private int room() {
        withText("").text(11050);
        int room = sizes.get(0);
        sizes.clear();
        return room;
    }

    @Test
    void aTextThatDoesNotFitIsAskedForWithRoom() {
        String text = "x".repeat(room()) + "y";
        assertThat(withText(text).text(11050)).isEqualTo(text);
        assertThat(sizes).endsWith(text.length()).hasSize(2);
    }

    @Test
    void eachIsAskedForOnce() {
        IpStatusMessages messages = withText("a text");
        for (int i = 0; i < 10; i++) {
            assertThat(messages.text(11050)).isEqualTo("a text");
            assertThat(messages.text(11099)).isEqualTo("a text");
        }
        assertThat(sizes).hasSize(2);
    }

    @Test
    void thatThereIsNoneIsAskedForOnceToo() {
        IpStatusMessages messages = thatFails(NO_TEXT, 7);
        assertThat(messages.text(11099)).isEmpty();
        assertThat(messages.text(11099)).isEmpty();
        assertThat(sizes).hasSize(1);
    }

    @Test
    void neverMoreThanABoundedNumberIsKept() {
        IpStatusMessages messages = withText("a text");
        for (int round = 0; round < 2; round++) {
            for (int status = 20_000; status < 21_000; status++) {
                messages.text(status);
            }
        }
        assertThat(sizes).hasSizeBetween(1_001, 1_999);
    }

    @Test
    void aSizeThatIsNoneEndsTheAsking() {
        for (int needed : new int[] {0, -1, 1, Integer.MAX_VALUE}) {
            sizes.clear();
            assertThat(thatFails(INSUFFICIENT_BUFFER, needed).text(11050)).isEmpty();
            assertThat(sizes).as("size %d", needed).hasSize(1);
        }
    }

    @Test
    void aSizeThatGrowsForeverEndsTheAsking() {
        IpStatusMessages messages = messages((status, buffer, size) -> {
            sizes.add(number(size).getInt(0));
            number(size).putInt(0, number(size).getInt(0) * 2);
            return INSUFFICIENT_BUFFER;
        });
        assertThat(messages.text(11050)).isEmpty();
        assertThat(sizes).hasSizeLessThan(20);
    }
}
