// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoRequester;
import dev.netecho.spi.EchoRequesterProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The installed providers, in the order in which the library prefers them. */
final class Providers {
    /** Ends the search if a services file keeps failing. */
    private static final int MOST_FAILURES = 100;

    private static final List<String> SYSTEMS = List.of("linux", "windows", "mac");

    private Providers() {}

    /** {@return every provider that loads, the highest priority first; what does not load cannot be listed} */
    static List<EchoRequesterProvider> installed() {
        List<EchoRequesterProvider> found = new ArrayList<>();
        Iterator<EchoRequesterProvider> providers = ServiceLoader.load(
                        EchoRequesterProvider.class, EchoRequester.class.getClassLoader())
                .iterator();
        for (int failures = 0; failures < MOST_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
            }
        }
        found.sort(Comparator.comparingInt((EchoRequesterProvider p) -> p.priority())
                .reversed()
                .thenComparing(EchoRequesterProvider::name));
        return found;
    }

    /**
     * {@return those that could run on this system, or all if there are none} A provider's name begins with its system:
     * {@code windows-iphlpapi}.
     */
    static List<EchoRequesterProvider> ofThisSystem(List<EchoRequesterProvider> providers) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        List<EchoRequesterProvider> own = providers.stream()
                .filter(provider -> SYSTEMS.stream()
                        .noneMatch(other -> provider.name().startsWith(other + "-") && !system.startsWith(other)))
                .toList();
        return own.isEmpty() ? providers : own;
    }

    /** {@return the provider of a name} */
    static EchoRequesterProvider named(String name, List<EchoRequesterProvider> providers) throws UsageException {
        for (EchoRequesterProvider provider : providers) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        String names = providers.stream().map(EchoRequesterProvider::name).collect(Collectors.joining(", "));
        throw new UsageException("--provider is " + OneLine.quoted(name) + "; "
                + (names.isEmpty() ? "no provider is installed" : "it must be one of: " + names));
    }
}
