// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** A terminal that shows a screen and tells the keys that are pressed; {@link #close} leaves it as it was. */
final class LiveTerminal implements AutoCloseable {
    /** After ESC, the rest of a key's sequence is there at once; a person needs longer. */
    private static final long REST_OF_A_KEY_MILLIS = 30;

    private static final int ESCAPE = 27;
    private static final int DELETE = 127;

    private final org.jline.terminal.Terminal terminal;
    private final Attributes before;

    /** What stty(1) says of the settings; empty if it says nothing, as on Windows. */
    private final String saved;

    private final Display display;
    private final Queue<Key> keys = new ConcurrentLinkedQueue<>();
    private @Nullable Size size;
    private boolean closed;

    /** Constructs it on the terminal of this process. */
    LiveTerminal() throws IOException {
        // JLine prefers its own native library, which needs a folder to unpack it; JNA has unpacked its own already.
        System.setProperty("org.jline.terminal.disableDeprecatedProviderWarning", "true");
        // Signals stay with the command: Ctrl-C ends the run with its report. The size is asked for at each drawing.
        terminal = TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .nativeSignals(false)
                .build();
        saved = stty("-g");
        before = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        display = new Display(terminal, true);
        Thread reader = new Thread(this::readKeys, "netecho-keys");
        reader.setDaemon(true);
        reader.start();
    }

    /** {@return what stty(1) prints; empty if it cannot be run} */
    private static String stty(String argument) {
        try {
            Process stty = new ProcessBuilder("stty", argument)
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor() == 0 ? text.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    boolean isUnicode() {
        return terminal.encoding().newEncoder().canEncode('\u2588');
    }

    int columns() {
        return size().getColumns();
    }

    int rows() {
        return size().getRows();
    }

    private Size size() {
        Size now = terminal.getSize();
        if (!now.equals(size)) {
            size = new Size(now.getColumns(), now.getRows());
            display.resize(now.getRows(), now.getColumns());
            display.clear();
        }
        return now;
    }

    /** Draws what has changed since the last time. */
    void draw(List<AttributedString> lines) {
        display.update(lines, 0);
    }

    /** Something else may have written to the terminal: everything is drawn next time. */
    void redraw() {
        size = null;
    }

    /** {@return the next key that was pressed; null if there is none} */
    @Nullable
    Key key() {
        return keys.poll();
    }

    private void readKeys() {
        NonBlockingReader reader = terminal.reader();
        try {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                keys.add(
                        switch (c) {
                            case ESCAPE -> sequence(reader);
                            case '\r', '\n' -> Key.of(Key.Named.ENTER);
                            case DELETE, '\b' -> Key.of(Key.Named.BACKSPACE);
                            default -> Key.of(c);
                        });
            }
        } catch (IOException e) {
            // Closed: nobody presses keys any more.
        }
    }

    /** Of ECMA-48: ESC [ A is up, ESC [ 5 ~ is page up. In the other mode of a VT100 it is ESC O A. */
    private static Key sequence(NonBlockingReader reader) throws IOException {
        int second = reader.read(REST_OF_A_KEY_MILLIS);
        if (second != '[' && second != 'O') {
            return Key.of(Key.Named.ESCAPE);
        }
        int third = reader.read(REST_OF_A_KEY_MILLIS);
        for (int c = third; c == ';' || (c >= '0' && c <= '9'); ) {
            c = reader.read(REST_OF_A_KEY_MILLIS); // to the letter or ~ that ends it
        }
        return switch (third) {
            case 'A' -> Key.of(Key.Named.UP);
            case 'B' -> Key.of(Key.Named.DOWN);
            case '5' -> Key.of(Key.Named.PAGE_UP);
            case '6' -> Key.of(Key.Named.PAGE_DOWN);
            default -> Key.of(0); // a key without a meaning here
        };
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            terminal.puts(Capability.cursor_visible);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
            terminal.setAttributes(before);
            terminal.close();
            if (!saved.isEmpty()) {
                // JLine 3.30 through JNA loses IEXTEN: Ctrl-V and others would not work in the shell afterwards.
                stty(saved);
            }
        } catch (IOException e) {
            // The terminal has gone.
        }
    }
}
