// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The lab as a program: {@code unshare -n java -jar netecho-testkit-VERSION-lab.jar lab}, with its dependencies in
 * {@code lib} next to it, where the build puts them.
 *
 * <p>Prints {@code lab ready} on standard output when every address answers, and runs until standard input ends or
 * SIGTERM comes. With {@code --plan} it prints the plan as Markdown and ends. Exit status: 0; 1 if the lab cannot run
 * here, with the reason on standard error; 2 for a wrong argument.
 */
public final class LabProgram {
    private LabProgram() {}

    /**
     * Runs the lab, or prints its plan.
     *
     * @param arguments {@code lab} or nothing, or {@code --plan}
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        if (arguments.length == 1 && arguments[0].equals("--plan")) {
            out.print(LabPlan.toMarkdown());
            return;
        }
        if (arguments.length > 1 || (arguments.length == 1 && !arguments[0].equals("lab"))) {
            err.println("unknown argument \"" + String.join(" ", arguments) + "\": give lab to run the lab, or --plan");
            System.exit(2);
        }
        try {
            runUntilEndOf(System.in, Lab.start(), out);
        } catch (LabUnavailableException e) {
            err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void runUntilEndOf(InputStream in, Lab lab, PrintStream out) throws IOException {
        try (lab) {
            out.println("lab ready");
            // Input is ignored: only the end of the stream counts.
            in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
