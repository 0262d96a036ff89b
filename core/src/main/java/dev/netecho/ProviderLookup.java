// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.backend.ClassFolders;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.OpenFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The look-up that {@link EchoRequesterProvider} documents (SPEC PRO-1), step by step; one object per look-up. */
final class ProviderLookup {
    /** Switches the provider without code. Not a package name, so that relocation leaves it alone. */
    static final String PROPERTY = "netecho.provider";

    private static final String NOBODY =
            "no provider was found on the class path; add netecho-linux-rawsocket (or another backend) to it; if"
                    + " the jars were merged, merge META-INF/services too";

    // A jar that a Java agent adds to the bootstrap search at run time gives classes, but no services file.
    private static final String NOBODY_ON_BOOTSTRAP_PATH =
            "no provider was found on the bootstrap class path; load this library with a class loader, or give the"
                    + " builder a provider";

    private static final String LOGGING = "org.slf4j:slf4j-api";

    // Never "ask for it by name": answers of a simulated backend must not reach an operator's alerts.
    private static final String ANOTHER = "add netecho-linux-rawsocket (or another backend) to the class path";

    static {
        ClassFolders.load(ProviderLookup.class, ClassFolders.class, IcmpEcho.class, EchoConfig.class);
    }

    private final EchoRequester.Builder builder;
    private final @Nullable ClassLoader loader;
    private final List<String> reasons = new ArrayList<>();

    /** Those of other operating systems: told only if there are no others, because their remedies do not help here. */
    private final List<String> elsewhere = new ArrayList<>();

    private final List<Throwable> causes = new ArrayList<>();

    ProviderLookup(EchoRequester.Builder builder, @Nullable ClassLoader loader) {
        this.builder = builder;
        this.loader = loader;
    }

    static EchoRequester open(EchoRequester.Builder builder) throws EchoUnavailableException {
        return open(builder, EchoRequester.class.getClassLoader());
    }

    static EchoRequester open(EchoRequester.Builder builder, @Nullable ClassLoader loader)
            throws EchoUnavailableException {
        return new ProviderLookup(builder, loader).open();
    }

    private EchoRequester open() throws EchoUnavailableException {
        requireLogging();
        String wanted = null;
        List<EchoRequesterProvider> candidates;
        if (builder.provider != null) {
            candidates = List.of(builder.provider);
        } else {
            wanted = builder.providerName != null ? builder.providerName : System.getProperty(PROPERTY);
            candidates = candidates(wanted);
        }
        for (EchoRequesterProvider candidate : candidates) {
            EchoRequester opened = tryToOpen(candidate);
            if (opened != null) {
                return opened;
            }
        }
        throw unavailable(wanted);
    }

    /** Everything below logs, and without a logger what ends it would be an error that names a class only. */
    private static void requireLogging() throws EchoUnavailableException {
        try {
            LoggerFactory.getLogger(ProviderLookup.class);
        } catch (NoClassDefFoundError e) {
            boolean scarce = OpenFiles.areScarce();
            EchoUnavailableException unavailable = new EchoUnavailableException(
                    (scarce ? OpenFiles.WHY : LOGGING + " is missing from the class path") + " (" + e + ")"
                            + "\n    remedy: " + (scarce ? OpenFiles.REMEDY : "add " + LOGGING + " 1.7 or newer"));
            unavailable.initCause(e);
            throw unavailable;
        }
    }

    /** Steps 2 and 3: the providers to try, best first. Broken ones are noted and left out. */
    List<EchoRequesterProvider> candidates(@Nullable String wanted) {
        List<Named> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (EchoRequesterProvider provider : load()) {
            try {
                Named named =
                        new Named(provider, Objects.requireNonNull(provider.name(), "name()"), provider.priority());
                names.add(named.name);
                if (wanted == null ? named.priority >= 0 : wanted.equals(named.name)) {
                    found.add(named);
                } else if (wanted == null) {
                    note(named.name, "is used only if it is asked for by name", ANOTHER, null);
                }
            } catch (RuntimeException | LinkageError e) {
                noteThrown(provider.getClass().getName(), "threw " + e, "remove or update this provider", e);
            }
        }
        if (wanted != null && found.isEmpty()) {
            reasons.add("there is no provider named \"" + wanted + "\"; found: "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
        } else if (names.isEmpty() && reasons.isEmpty()) {
            reasons.add(loader == null ? NOBODY_ON_BOOTSTRAP_PATH : NOBODY);
        }
        Collections.sort(found);
        List<EchoRequesterProvider> providers = new ArrayList<>(found.size());
        for (Named named : found) {
            providers.add(named.provider);
        }
        return providers;
    }

    private List<EchoRequesterProvider> load() {
        List<EchoRequesterProvider> loaded = new ArrayList<>();
        var providers =
                ServiceLoader.load(EchoRequesterProvider.class, loader).stream().iterator();
        // One broken entry must not hide the others: each step of the iteration is tried on its own. The bound keeps a
        // services file that keeps failing from turning this into an endless loop.
        for (int failures = 0; failures < 100; ) {
            String name = "a provider in META-INF/services";
            try {
                if (!providers.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<EchoRequesterProvider> next = providers.next();
                name = next.type().getName();
                loaded.add(next.get());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                // ServiceLoader says "could not be instantiated"; what the constructor threw is the cause.
                Throwable reason = e.getCause() == null ? e : e.getCause();
                noteThrown(name, "cannot be loaded: " + reason, "repair its jar", e);
            }
        }
        return loaded;
    }

    private @Nullable EchoRequester tryToOpen(EchoRequesterProvider provider) {
        String name = provider.getClass().getName();
        try {
            name = provider.name();
            Availability availability = Objects.requireNonNull(provider.availability(), "availability()");
            if (!availability.isAvailable()) {
                note(
                        availability.isOfAnotherSystem() ? elsewhere : reasons,
                        name,
                        availability.why(),
                        availability.remedy(),
                        availability.cause().orElse(null));
                return null;
            }
            String own = builder.name == null ? EngineRequester.nextName() : builder.name;
            RequesterCounters counters = new RequesterCounters(own);
            EchoConfig config = new EchoConfig(own, builder.maxRate, builder.options, counters);
            DroppedRequesters.load();
            EchoEngine engine = Objects.requireNonNull(provider.open(config), "open()");
            LoggerFactory.getLogger(ProviderLookup.class).debug("{}: opened with provider {}", own, name);
            return new OwnedRequester(
                    new EngineRequester(name, own, counters, engine, builder.maxOutstanding, builder.listenerExecutor));
        } catch (EchoUnavailableException e) {
            note(name, String.valueOf(e.getMessage()), "", e);
        } catch (IllegalArgumentException e) {
            note(name, String.valueOf(e.getMessage()), "correct this option of the builder, or leave it out", e);
        } catch (OutOfMemoryError e) {
            Availability refused = Availability.withoutThread(e);
            note(name, refused.why(), refused.remedy(), e);
        } catch (RuntimeException | LinkageError e) {
            Availability broken = Availability.thrown(e);
            note(name, broken.why(), broken.remedy(), e);
        }
        return null;
    }

    /** Without file descriptors anything may be thrown, and the provider is not to blame. */
    private void noteThrown(String name, String what, String remedy, Throwable thrown) {
        boolean scarce = OpenFiles.areScarce();
        note(name, scarce ? OpenFiles.WHY + " (" + what + ")" : what, scarce ? OpenFiles.REMEDY : remedy, thrown);
    }

    private void note(String name, String why, String remedy, @Nullable Throwable cause) {
        note(reasons, name, why, remedy, cause);
    }

    private void note(List<String> to, String name, String why, String remedy, @Nullable Throwable cause) {
        to.add(name + ": " + why + (remedy.isEmpty() ? "" : "\n    remedy: " + remedy));
        if (cause != null) {
            causes.add(cause);
        }
        LoggerFactory.getLogger(ProviderLookup.class).debug("provider {} skipped: {}", name, why);
    }

    private EchoUnavailableException unavailable(@Nullable String wanted) {
        StringBuilder text = new StringBuilder("no ICMP echo provider is available here");
        if (wanted != null) {
            text.append(" (asked for \"").append(wanted).append("\")");
        }
        for (String reason : reasons.isEmpty() ? elsewhere : reasons) {
            text.append("\n  ").append(reason);
        }
        EchoUnavailableException e = new EchoUnavailableException(text.toString());
        causes.forEach(e::addSuppressed);
        return e;
    }

    private record Named(EchoRequesterProvider provider, String name, int priority) implements Comparable<Named> {
        @Override
        public int compareTo(Named other) {
            int byPriority = Integer.compare(other.priority, priority);
            return byPriority != 0 ? byPriority : name.compareTo(other.name);
        }
    }
}
