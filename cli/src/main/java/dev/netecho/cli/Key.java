// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/**
 * A key that was pressed.
 *
 * @param named which
 * @param letter the character of a {@link Named#LETTER}, otherwise 0
 */
record Key(Named named, int letter) {
    /** The kinds of keys. */
    enum Named {
        LETTER,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        ENTER,
        BACKSPACE,
        ESCAPE
    }

    static Key of(Named named) {
        return new Key(named, 0);
    }

    static Key of(int letter) {
        return new Key(Named.LETTER, letter);
    }
}
