// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a pattern of {@code file_sd} names. They are looked at again and again: that works on every system.
 */
final class FileList extends TargetList {
    private final Path folder;
    private final String pattern;
    private @Nullable Map<Path, FileVersion> last;

    /**
     * Constructs a list that was not read yet.
     *
     * @param pattern a path whose last part may have a star
     */
    FileList(Path pattern) {
        super(pattern.toString(), pattern);
        Path absolute = pattern.toAbsolutePath();
        this.folder = Objects.requireNonNull(absolute.getParent());
        this.pattern = String.valueOf(absolute.getFileName());
    }

    @Override
    @Nullable
    List<TargetSpec> read() throws ConfigException {
        Map<Path, FileVersion> before = last;
        last = null; // a mistake is looked for again until it is mended
        Map<Path, FileVersion> now = versions();
        if (now.equals(before)) {
            last = now;
            return null;
        }
        Set<TargetSpec> targets = new LinkedHashSet<>();
        for (Path file : now.keySet()) {
            targets.addAll(TargetGroups.read(YamlValue.parse(Words.quoted(file), AgentConfig.content(file))));
        }
        last = now;
        return new ArrayList<>(targets);
    }

    private Map<Path, FileVersion> versions() throws ConfigException {
        Map<Path, FileVersion> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                found.put(file, FileVersion.of(file));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new ConfigException(quoted() + " cannot be read: " + Words.quoted(folder) + " is no folder");
        } catch (IOException | RuntimeException e) {
            throw new ConfigException(quoted() + " cannot be read: " + Words.quoted(String.valueOf(e.getMessage())));
        }
        if (found.isEmpty()) {
            throw new ConfigException(quoted() + " names no file");
        }
        return found;
    }
}
