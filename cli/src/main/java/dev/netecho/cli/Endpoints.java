// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.linux.LinuxOptions;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options that say from where to where, and by which provider: the same for each command that sends. */
final class Endpoints {
    final OptionSpec source =
            Options.value("-I", "SOURCE", "An address of this host, or (Linux) an interface. Default: the system's.");
    final OptionSpec provider = Options.value("--provider", "NAME", "Use this provider; netecho doctor lists them.");
    final OptionSpec files =
            Options.values("-f", "FILE", "Read targets from FILE (- is standard input), one a line; # comments.");
    final OptionSpec strict =
            Options.flag("--strict", "Send nothing if one name does not resolve. Default: the others are asked.");
    final OptionSpec allAddresses = Options.flag("--all-addresses", "Ask every address of a name, not only the first.");
    final OptionSpec ipv4 = Options.flag("-4", "Use IPv4 only.");
    final OptionSpec ipv6 = Options.flag("-6", "Use IPv6 only.");
    final PositionalParamSpec targets = PositionalParamSpec.builder()
            .paramLabel("TARGET")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Names or addresses, such as 192.0.2.1 or fe80::1%%eth0.")
            .build();

    private final String command;

    /** {@code command} is whose options these are. */
    Endpoints(String command) {
        this.command = command;
    }

    /** {@return the source; empty for the system's choice} */
    Optional<InetAddress> source() throws UsageException {
        if (Options.isGiven(ipv4) && Options.isGiven(ipv6)) {
            throw new UsageException("-4 and -6 are both given; give only one of them");
        }
        String given = source.getValue();
        return given == null || interfaceName() != null ? Optional.empty() : Optional.of(SourceAddress.parse(given));
    }

    /** {@return the interface to send from; null if none is given} */
    private @Nullable String interfaceName() {
        String given = source.getValue();
        try {
            boolean named = given != null
                    && !given.isEmpty()
                    && !SourceAddress.looksLikeAddress(given)
                    && NetworkInterface.getByName(given) != null;
            return named ? given : null;
        } catch (SocketException e) {
            return null; // the interfaces cannot be listed: reported as what it then is, no address
        }
    }

    /** {@return a builder of the provider that is asked for, or of the best} */
    EchoRequester.Builder requesters(CommandContext context) throws UsageException {
        EchoRequester.Builder requesters = EchoRequester.newBuilder();
        String device = interfaceName();
        if (device != null) {
            requesters.option(LinuxOptions.INTERFACE, device);
        }
        String given = provider.getValue();
        return given == null
                ? requesters
                : requesters.provider(Providers.named(given, context.providers().get()));
    }

    /** {@return a requester that does what was asked for: a provider ignores the options of others} */
    EchoRequester open(EchoRequester.Builder requesters) throws UsageException, EchoUnavailableException {
        EchoRequester requester = requesters.open();
        String device = interfaceName();
        if (device != null && !takesLinuxOptions(requester)) {
            requester.close();
            throw new UsageException("-I is " + OneLine.quoted(device) + ", an interface; provider "
                    + requester.provider() + " takes an address of this host only");
        }
        return requester;
    }

    static boolean takesLinuxOptions(EchoRequester requester) {
        return requester.provider().startsWith("linux-");
    }

    /**
     * {@return the targets that are given, and those of the files, with their addresses} Some may not have resolved,
     * but never all.
     */
    List<Target> resolve(TargetResolver resolver, InputStream in) throws UsageException, InterruptedException {
        List<TargetFile.Entry> entries = all(in);
        List<Target> targets = resolver.resolve(entries);
        List<Target> unresolved = Target.unresolved(targets);
        if (unresolved.size() == targets.size() || (Options.isGiven(strict) && !unresolved.isEmpty())) {
            Target first = unresolved.get(0);
            String where = entries.stream()
                    .filter(entry -> entry.text().equals(first.text()))
                    .findFirst()
                    .map(TargetFile.Entry::where)
                    .orElse("");
            throw new UsageException(where + "target "
                    + OneLine.quoted(first.text()) + " " + first.trouble()
                    + (unresolved.size() == 1 ? "" : ", and " + (unresolved.size() - 1) + " more like it"));
        }
        return targets;
    }

    /** {@return what finds the addresses that can be asked from a source} */
    TargetResolver resolver(@Nullable InetAddress from, Names names) throws UsageException {
        return new TargetResolver(names, version(from), Options.isGiven(allAddresses));
    }

    /** {@return which addresses are used; null for all. A source leaves only those of its own version} */
    private @Nullable IpVersion version(@Nullable InetAddress from) throws UsageException {
        IpVersion asked = Options.isGiven(ipv4) ? IpVersion.V4 : Options.isGiven(ipv6) ? IpVersion.V6 : null;
        if (from == null) {
            return asked;
        }
        IpVersion version = IpVersion.of(from);
        if (asked != null && asked != version) {
            throw new UsageException("-I is " + OneLine.quoted(AddressText.of(from)) + ", which is " + version.text()
                    + "; with " + (Options.isGiven(ipv4) ? "-4" : "-6") + " it must be " + asked.text());
        }
        return version;
    }

    private List<TargetFile.Entry> all(InputStream in) throws UsageException {
        List<TargetFile.Entry> all = new ArrayList<>();
        for (String text : words(targets.getValue())) {
            // picocli takes a negative number for a word. No name begins so.
            if (text.startsWith("-")) {
                String unknown = "Unknown option: '" + OneLine.of(text) + "'";
                String instead = command.equals("ping") ? PingLetters.instead(unknown) : "";
                throw new UsageException(unknown + instead + "; see netecho " + command + " --help");
            }
            all.add(new TargetFile.Entry(text, "", ""));
        }
        List<String> given = words(files.getValue());
        for (String file : given) {
            all.addAll(TargetFile.read("-f", file, in));
        }
        if (all.isEmpty()) {
            throw new UsageException(
                    given.isEmpty()
                            ? "no target given; name at least one host or address, or a file of them with -f"
                            : "-f " + OneLine.quoted(given.get(0)) + " names no target; it must name at least one");
        }
        return all;
    }

    private static List<String> words(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }
}
