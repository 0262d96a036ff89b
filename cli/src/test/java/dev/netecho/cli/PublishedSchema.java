// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schema that users read, docs/netecho.schema.json. */
final class PublishedSchema {
    private static final Path FILE = Path.of("..", "docs", "netecho.schema.json");

    private static final int MOST = 100;

    private static @Nullable JsonSchema schema;

    private PublishedSchema() {}

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks the lines that are JSON objects; of a long output the first and the last. */
    static void check(String out) {
        List<String> lines =
                out.lines().filter(line -> line.startsWith("{\"type\":")).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (i < MOST || i >= lines.size() - MOST) {
                assertThat(schema().validate(lines.get(i), InputFormat.JSON))
                        .as("violations of docs/netecho.schema.json by %s", lines.get(i))
                        .isEmpty();
            }
        }
    }

    private static synchronized JsonSchema schema() {
        if (schema == null) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(text(), InputFormat.JSON);
        }
        return schema;
    }
}
