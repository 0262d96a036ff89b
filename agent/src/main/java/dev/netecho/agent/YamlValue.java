// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value of a YAML or JSON text, which knows its line. What it should be is said by whoever reads it. */
final class YamlValue {
    /** Prometheus' form, such as 1m30s; a number alone counts seconds, as in the options of netecho. */
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9})ms)?");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

    private static final int DEEPEST = 20;

    private final String file;
    private final String name;
    private final Node node;

    private YamlValue(String file, String name, Node node) {
        this.file = file;
        this.name = name;
        this.node = node;
    }

    /**
     * {@return the value of a whole text; null if the text is empty}
     *
     * @param file how messages name the text
     */
    static @Nullable YamlValue parse(String file, String text) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("text")
                .setCodePointLimit(Math.max(1, text.length()))
                .setMaxAliasesForCollections(DEEPEST)
                .build();
        try {
            Node root = new Compose(settings).composeString(text).orElse(null);
            return root == null || root.getTag().equals(Tag.NULL) ? null : new YamlValue(file, "", root);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(YamlValue::line).orElse("");
            throw new ConfigException(file + line + ": " + e.getProblem() + "; it must be YAML or JSON");
        } catch (YamlEngineException | StackOverflowError e) {
            // Such as a list in a list in a list, without end.
            String why = e instanceof YamlEngineException ? String.valueOf(e.getMessage()) : "it is nested too deep";
            throw new ConfigException(file + ": " + why.lines().findFirst().orElse("") + "; it must be YAML or JSON");
        }
    }

    private static String line(Mark mark) {
        return " line " + (mark.getLine() + 1);
    }

    /** {@return what is wrong with this value} */
    ConfigException wrong(String why) {
        return new ConfigException(place() + ": " + (name.isEmpty() ? "" : name + " ") + why);
    }

    /** {@return its file and line, as messages have them} */
    String place() {
        return file + node.getStartMark().map(YamlValue::line).orElse("");
    }

    /** {@return what is wrong with this value, which is quoted} */
    ConfigException refused(String rule) {
        String given = node instanceof ScalarNode scalar ? Words.quoted(scalar.getValue()) : "a list or an object";
        return wrong("is " + given + "; it must be " + rule);
    }

    boolean isText() {
        return node instanceof ScalarNode && !node.getTag().equals(Tag.NULL);
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    String text() throws ConfigException {
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            return scalar.getValue();
        }
        throw refused("a text");
    }

    boolean flag() throws ConfigException {
        String given = text();
        if (given.equals("true") || given.equals("false")) {
            return given.equals("true");
        }
        throw refused("true or false");
    }

    int integer(int least, int most) throws ConfigException {
        try {
            int value = Integer.parseInt(text());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw refused("a whole number from " + least + " to " + most);
    }

    double number() throws ConfigException {
        try {
            double value = Double.parseDouble(text());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw refused("a number");
    }

    Duration duration(Duration least, Duration most) throws ConfigException {
        Duration value = duration(text());
        if (value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
            return value;
        }
        throw refused("a time from " + text(least) + " to " + text(most) + ", such as 500ms, 10s or 1m30s");
    }

    private static @Nullable Duration duration(String given) {
        if (SECONDS.matcher(given).matches()) {
            return Duration.ofNanos((long) (Double.parseDouble(given) * 1e9));
        }
        Matcher parts = DURATION.matcher(given);
        if (given.isEmpty() || !parts.matches()) {
            return null;
        }
        double seconds = number(parts.group(1)) * 3600 + number(parts.group(2)) * 60 + number(parts.group(3));
        return Duration.ofNanos((long) (seconds * 1e9 + number(parts.group(4)) * 1e6));
    }

    private static double number(@Nullable String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }

    private static String text(Duration value) {
        return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }

    List<YamlValue> list() throws ConfigException {
        if (!(node instanceof SequenceNode sequence)) {
            throw refused("a list");
        }
        List<YamlValue> values = new ArrayList<>(sequence.getValue().size());
        for (Node value : sequence.getValue()) {
            values.add(new YamlValue(file, name, value));
        }
        return values;
    }

    /** {@return the values by their keys, in order; a key twice is refused} */
    Map<String, YamlValue> map() throws ConfigException {
        if (!(node instanceof MappingNode mapping)) {
            throw refused("an object of keys and values");
        }
        Map<String, YamlValue> values = new LinkedHashMap<>();
        for (NodeTuple pair : mapping.getValue()) {
            YamlValue key = new YamlValue(file, name, pair.getKeyNode());
            if (!key.isText()) {
                throw key.wrong("has a key that is no text");
            }
            YamlValue value = new YamlValue(file, key.text(), pair.getValueNode());
            if (values.put(key.text(), value) != null) {
                throw key.wrong("has the key " + Words.quoted(key.text()) + " twice; leave one of them out");
            }
        }
        return values;
    }

    /** {@return the values by their keys; any other key is refused} */
    Map<String, YamlValue> map(Set<String> known) throws ConfigException {
        Map<String, YamlValue> values = map();
        for (Map.Entry<String, YamlValue> entry : values.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw entry.getValue()
                        .wrong("is no known key here; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return values;
    }
}
