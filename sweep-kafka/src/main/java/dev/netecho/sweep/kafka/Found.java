// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepListener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The hosts of one shard. The thread of the sweep writes; others read when the sweep has ended. */
final class Found implements SweepListener {
    private final Set<InetAddress> answered = new LinkedHashSet<>();
    private final Set<InetAddress> errors = new LinkedHashSet<>();
    private final List<InetAddress> unsure = new ArrayList<>();

    @Override
    public void onAnswers(SweepBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            switch (batch.kind(i)) {
                case REPLY, KNOWN_REPLY -> {
                    // A reply may follow an error, and is the stronger evidence.
                    errors.remove(batch.address(i));
                    answered.add(batch.address(i));
                }
                case ERROR, KNOWN_ERROR -> addError(batch.address(i));
                case UNSURE, KNOWN_UNSURE -> unsure.add(batch.address(i));
                case DUPLICATE, SILENT, KNOWN_SILENT -> {}
            }
        }
    }

    private void addError(InetAddress address) {
        if (!answered.contains(address)) {
            errors.add(address);
        }
    }

    List<InetAddress> answered() {
        return List.copyOf(answered);
    }

    List<InetAddress> errors() {
        return List.copyOf(errors);
    }

    List<InetAddress> unsure() {
        return List.copyOf(unsure);
    }
}
