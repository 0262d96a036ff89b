// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.packet.DefaultPayload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The data of an echo request (RFC 792, RFC 4443: "data"), 0 to {@value #MAX_SIZE} bytes.
 *
 * <p>There are two forms. The <em>default form</em>, {@link #ofSize}, has a length only, and the library fills it. The
 * first {@value #TOKEN_SIZE} bytes are a keyed token that is never used twice, the rest is a fixed pattern. The token
 * lets a reply name its request beyond doubt, even when a sequence number is used again. The <em>explicit form</em>,
 * {@link #of(byte[])}, is sent byte for byte. A reply then counts only if every byte came back, and its sequence number
 * is not used again for a minute. Prefer the default form.
 *
 * <p>Immutable and thread-safe.
 */
public final class EchoPayload {
    /** The largest payload in bytes: what Windows' ICMP interface carries; Linux could do 65,507 (65,527 for IPv6). */
    public static final int MAX_SIZE = 65_500;

    /** The bytes at the start of a default payload that carry the token; shorter payloads carry none. */
    public static final int TOKEN_SIZE = 8;

    /** 56 bytes in the default form, what {@code ping} sends. */
    public static final EchoPayload DEFAULT = new EchoPayload(56, null);

    private final int size;
    private final byte @Nullable [] bytes;

    private EchoPayload(int size, byte @Nullable [] bytes) {
        this.size = inRange(size);
        this.bytes = bytes;
    }

    private static int inRange(int size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("payload size is " + size + " bytes; it must be 0 to " + MAX_SIZE);
        }
        return size;
    }

    /**
     * {@return a payload in the default form}
     *
     * @param size bytes, 0 to {@value #MAX_SIZE}
     * @throws IllegalArgumentException if the size is out of range
     */
    public static EchoPayload ofSize(int size) {
        return size == DEFAULT.size ? DEFAULT : new EchoPayload(size, null);
    }

    /**
     * {@return a payload of exactly these bytes}
     *
     * @param bytes 0 to {@value #MAX_SIZE} bytes, copied
     * @throws IllegalArgumentException if there are too many
     */
    public static EchoPayload of(byte[] bytes) {
        return new EchoPayload(bytes.length, bytes.clone());
    }

    /**
     * {@return a payload of bytes copied from a buffer, whose position and limit stay as they are}
     *
     * @param source the buffer
     * @param index the first byte
     * @param length how many, 0 to {@value #MAX_SIZE}
     * @throws IllegalArgumentException if the length is out of range
     * @throws IndexOutOfBoundsException if the buffer does not hold that many
     */
    public static EchoPayload copyOf(ByteBuffer source, int index, int length) {
        byte[] copy = new byte[inRange(length)];
        source.get(index, copy);
        return new EchoPayload(length, copy);
    }

    /** {@return the length in bytes} */
    public int size() {
        return size;
    }

    /** {@return whether the library chooses the bytes} */
    public boolean isDefaultForm() {
        return bytes == null;
    }

    /**
     * {@return whether requests with this payload carry a token: default form and at least {@value #TOKEN_SIZE} bytes}
     */
    public boolean carriesToken() {
        return bytes == null && size >= TOKEN_SIZE;
    }

    /** {@return a copy of the bytes; in the default form the token, which differs from request to request, is zero} */
    public byte[] toByteArray() {
        byte[] copy = new byte[size];
        copyInto(ByteBuffer.wrap(copy), 0, 0L);
        return copy;
    }

    /**
     * Writes the bytes into a buffer, whose position and limit stay as they are.
     *
     * @param target the buffer
     * @param index where the first byte goes
     * @param token the token, used only if {@link #carriesToken()}
     */
    public void copyInto(ByteBuffer target, int index, long token) {
        if (bytes == null) {
            DefaultPayload.put(target, index, size, token);
        } else {
            target.put(index, bytes);
        }
    }

    /**
     * {@return whether a buffer holds exactly this payload, the token apart}
     *
     * @param buffer the buffer; its position and limit stay as they are
     * @param index the first byte
     * @param length how many bytes were received
     */
    public boolean matches(ByteBuffer buffer, int index, int length) {
        if (length != size) {
            return false;
        }
        if (bytes == null) {
            return DefaultPayload.matchesPattern(buffer, index, size);
        }
        for (int i = 0; i < length; i++) {
            if (buffer.get(index + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EchoPayload that && size == that.size && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * size + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "EchoPayload[" + size + " bytes, " + (bytes == null ? "default form" : "explicit") + "]";
    }
}
