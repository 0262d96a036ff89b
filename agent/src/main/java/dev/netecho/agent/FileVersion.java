// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What changes if a file does. A file that is replaced has another key; of a link, that of the file it points to.
 *
 * @param size in bytes
 * @param modified in milliseconds since 1970
 * @param key which file it is, as the system says
 */
record FileVersion(long size, long modified, String key) {
    static FileVersion of(Path file) throws IOException {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileVersion(is.size(), is.lastModifiedTime().toMillis(), String.valueOf(is.fileKey()));
    }
}
