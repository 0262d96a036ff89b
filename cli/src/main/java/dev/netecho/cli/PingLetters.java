// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The letters of ping(8) from iputils that mean nothing here, each with what does the same. */
final class PingLetters {
    private static final Pattern OPTION = Pattern.compile("'(-[A-Za-z0-9])'");

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("-3", "times always have three digits or more"),
            Map.entry("-a", "there is no bell; a program can ring one for the lines of --json"),
            Map.entry("-b", "broadcast addresses are not pinged; name the hosts"),
            Map.entry("-B", "the source stays the same if it is given with -I ADDRESS"),
            Map.entry("-C", "the sockets are shared by all targets and not connected"),
            Map.entry("-d", "there are no debugging sockets; -v says more"),
            Map.entry("-e", "the identifier is chosen at random, so that no other program has the same"),
            Map.entry("-F", "the flow label cannot be set; -Q sets the traffic class"),
            Map.entry("-g", "there are no ranges; write the addresses into a file for -f"),
            Map.entry("-L", "multicast addresses are not pinged; name the hosts"),
            Map.entry("-N", "node information is obsolete; -H prints names"),
            Map.entry("-r", "the routing table is always asked; -I INTERFACE chooses the outgoing interface"),
            Map.entry("-R", "most routers ignore it; netecho trace finds the hops"),
            Map.entry("-S", "the send buffer is chosen by the library; -I ADDRESS names the source"),
            Map.entry("-T", "most hosts ignore it; -D prints times, netecho trace finds the hops"));

    private PingLetters() {}

    /**
     * {@return what to do instead; empty if the message is about no such letter}
     *
     * @param message what picocli says of an option, in quotes
     */
    static String instead(String message) {
        Matcher option = OPTION.matcher(message);
        if (!option.find()) {
            return "";
        }
        if (option.group(1).equals("-f")) {
            return "; -f names a file of targets, and -i 0 floods";
        }
        String text = INSTEAD.get(option.group(1));
        return text == null ? "" : "; " + text;
    }
}
