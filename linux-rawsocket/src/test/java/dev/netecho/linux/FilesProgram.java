// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.linux.host.Ipv6Addresses;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Run by a test in a JVM of its own: looks at this host's addresses with one descriptor free, before it uses
 * java.nio.file.
 */
final class FilesProgram {
    private FilesProgram() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        loadClasses();
        List<FileInputStream> taken = DescriptorProgram.takeAll();
        // The file opens, and the socketpair(2) of java.nio fails.
        taken.remove(taken.size() - 1).close();
        Ipv6Addresses.Supply supply = Ipv6Addresses.supply();
        boolean global = Ipv6Addresses.haveGlobalThroughout(name -> false);
        for (FileInputStream file : taken) {
            file.close();
        }
        System.out.println("with one descriptor: " + supply + ", " + global);
        System.out.println(
                "later: " + !Files.readString(Path.of("/proc/self/status")).isEmpty());
    }

    /** A class that is read from a folder needs a descriptor, and shall not be what fails. */
    private static void loadClasses() {
        for (Class<?> each : List.of(Ipv6Addresses.class, Ipv6Addresses.Supply.class)) {
            try {
                Class.forName(each.getName());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
