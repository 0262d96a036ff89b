// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object that a router added to an ICMP error (RFC 4884, section 8), such as the MPLS labels that the packet
 * carried when it was discarded (RFC 4950).
 *
 * <p>It is what the router says; nothing proves it. Immutable and thread-safe.
 */
public final class IcmpExtension {
    private static final int MOST = 255;
    private static final int MPLS_CLASS = 1;
    private static final int INCOMING_STACK = 1;
    private static final int LABEL_SHIFT = 12;
    private static final int TRAFFIC_CLASS_SHIFT = 9;
    private static final int BOTTOM_OF_STACK = 0x100;

    private final int classNumber;
    private final int type;
    private final byte[] data;

    /**
     * Constructs an object.
     *
     * @param classNumber see {@link #classNumber}
     * @param type see {@link #type}
     * @param data see {@link #data}; it is copied
     * @throws IllegalArgumentException if the class or the type is not 0 to 255
     */
    public IcmpExtension(int classNumber, int type, byte[] data) {
        if (classNumber < 0 || classNumber > MOST || type < 0 || type > MOST) {
            throw new IllegalArgumentException(
                    "the class is " + classNumber + " and the type " + type + "; both must be 0 to " + MOST);
        }
        this.classNumber = classNumber;
        this.type = type;
        this.data = data.clone();
    }

    /** {@return what it is about, 0 to 255: 1 is MPLS (RFC 4950), 2 an interface (RFC 5837)} */
    public int classNumber() {
        return classNumber;
    }

    /** {@return which kind of its class it is, 0 to 255} */
    public int type() {
        return type;
    }

    /** {@return a copy of what follows the header of the object} */
    public byte[] data() {
        return data.clone();
    }

    /**
     * {@return the stack of labels, the outermost first; empty if this is no MPLS stack or its length is no multiple of
     * 4}
     */
    public List<MplsLabel> mplsLabels() {
        if (classNumber != MPLS_CLASS || type != INCOMING_STACK || data.length % Integer.BYTES != 0) {
            return List.of();
        }
        List<MplsLabel> labels = new ArrayList<>(data.length / Integer.BYTES);
        for (int i = 0; i < data.length; i += Integer.BYTES) {
            int entry = (data[i] & 0xff) << 24
                    | (data[i + 1] & 0xff) << 16
                    | (data[i + 2] & 0xff) << 8
                    | (data[i + 3] & 0xff);
            labels.add(new MplsLabel(
                    entry >>> LABEL_SHIFT,
                    entry >>> TRAFFIC_CLASS_SHIFT & 7,
                    (entry & BOTTOM_OF_STACK) != 0,
                    entry & 0xff));
        }
        return List.copyOf(labels);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IcmpExtension extension
                && classNumber == extension.classNumber
                && type == extension.type
                && Arrays.equals(data, extension.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * classNumber + type) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "IcmpExtension[classNumber=" + classNumber + ", type=" + type + ", data="
                + HexFormat.of().formatHex(data) + "]";
    }

    /**
     * One entry of an MPLS label stack (RFC 3032).
     *
     * @param label 0 to 1,048,575
     * @param trafficClass 0 to 7 (RFC 5462)
     * @param bottomOfStack whether it is the innermost label
     * @param timeToLive 0 to 255, as the packet arrived at the router
     */
    public record MplsLabel(int label, int trafficClass, boolean bottomOfStack, int timeToLive) {}
}
