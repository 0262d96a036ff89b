// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles a classic BPF program whose jumps name labels, so that an inserted instruction adjusts every offset.
 *
 * <p>Not thread-safe; for one program.
 */
final class BpfProgramBuilder {
    /** The label of the instruction after the jump. */
    static final String NEXT = "";

    private record Line(int code, int k, String ifTrue, String ifFalse) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    /** Names the instruction that is added next. */
    BpfProgramBuilder label(String name) {
        if (labels.put(name, lines.size()) != null) {
            throw new IllegalArgumentException("BPF label \"" + name + "\" is set twice");
        }
        return this;
    }

    BpfProgramBuilder add(int code, int k) {
        lines.add(new Line(code, k, NEXT, NEXT));
        return this;
    }

    BpfProgramBuilder jump(String target) {
        lines.add(new Line(SockFilter.JA, 0, target, NEXT));
        return this;
    }

    BpfProgramBuilder jumpIfEqual(int k, String ifTrue, String ifFalse) {
        lines.add(new Line(SockFilter.JEQ_K, k, ifTrue, ifFalse));
        return this;
    }

    BpfProgramBuilder jumpIfAnyBit(int k, String ifTrue, String ifFalse) {
        lines.add(new Line(SockFilter.JSET_K, k, ifTrue, ifFalse));
        return this;
    }

    /** {@return the program; the kernel only jumps forward, so a jump to an earlier label is refused} */
    List<SockFilter> build() {
        List<SockFilter> program = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.code == SockFilter.JA) {
                program.add(SockFilter.statement(line.code, distance(i, line.ifTrue)));
            } else {
                program.add(new SockFilter(line.code, distance(i, line.ifTrue), distance(i, line.ifFalse), line.k));
            }
        }
        return List.copyOf(program);
    }

    private int distance(int from, String label) {
        if (label.equals(NEXT)) {
            return 0;
        }
        Integer target = labels.get(label);
        if (target == null || target <= from || target >= lines.size()) {
            throw new IllegalArgumentException(
                    "BPF instruction " + from + " jumps to \"" + label + "\", which is no later instruction");
        }
        return target - from - 1;
    }
}
