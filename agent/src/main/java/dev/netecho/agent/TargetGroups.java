// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads lists of targets in the form of Prometheus: groups of hosts that share labels. */
final class TargetGroups {
    /** What one agent watches; more are for several agents. */
    static final int MOST_TARGETS = 100_000;

    private static final Set<String> KEYS = Set.of("targets", "labels");

    private TargetGroups() {}

    /** {@return the targets, each once, in order} A group may also be a text, which is a host. */
    static List<TargetSpec> read(@Nullable YamlValue groups) throws ConfigException {
        if (groups == null) {
            return List.of();
        }
        Set<TargetSpec> targets = new LinkedHashSet<>();
        for (YamlValue group : groups.list()) {
            if (group.isText()) {
                add(targets, group, new TreeMap<>());
                continue;
            }
            Map<String, YamlValue> parts = group.map(KEYS);
            YamlValue hosts = parts.get("targets");
            if (hosts == null) {
                throw group.wrong("has a group without the key targets");
            }
            SortedMap<String, String> labels = labels(parts.get("labels"));
            for (YamlValue host : hosts.list()) {
                add(targets, host, labels);
            }
        }
        return new ArrayList<>(targets);
    }

    private static void add(Collection<TargetSpec> targets, YamlValue host, SortedMap<String, String> labels)
            throws ConfigException {
        String text = host.text();
        String trouble = TargetSpec.trouble(text);
        if (trouble != null) {
            throw host.wrong("has the host " + Words.quoted(text) + ": " + trouble);
        }
        targets.add(new TargetSpec(text, labels));
        if (targets.size() > MOST_TARGETS) {
            throw host.wrong("has more than " + MOST_TARGETS + " targets; share them among several agents");
        }
    }

    private static SortedMap<String, String> labels(@Nullable YamlValue given) throws ConfigException {
        SortedMap<String, String> labels = new TreeMap<>();
        if (given == null) {
            return labels;
        }
        for (Map.Entry<String, YamlValue> label : given.map().entrySet()) {
            // Prometheus' own rule: labels that begin so are for relabelling, and never stored.
            if (label.getKey().startsWith("__")) {
                continue;
            }
            String value = label.getValue().text();
            String trouble = TargetSpec.trouble(label.getKey(), value);
            if (trouble != null) {
                throw label.getValue().wrong("is refused: " + trouble);
            }
            if (!value.isEmpty()) { // an empty label is none
                labels.put(label.getKey(), value);
            }
        }
        String trouble = TargetSpec.trouble(labels);
        if (trouble != null) {
            throw given.wrong("is refused: " + trouble);
        }
        return labels;
    }
}
