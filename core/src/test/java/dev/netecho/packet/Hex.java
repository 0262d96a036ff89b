// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.util.HexFormat;

/** Packets as a person writes them down. */
final class Hex {
    private Hex() {}

    /** {@return the bytes of all parts one after the other; blanks are for the eye} */
    static byte[] bytes(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    /** {@return so many zero bytes, to be a part} */
    static String zeros(int count) {
        return "00".repeat(count);
    }
}
