// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Finds the way of a sweep, as {@link SweepWayProvider} says. */
final class WayLookup {
    private WayLookup() {}

    /** {@return the providers that are there, best first; broken ones are left out} */
    static List<SweepWayProvider> installed() {
        List<SweepWayProvider> found = new ArrayList<>();
        var providers = ServiceLoader.load(SweepWayProvider.class, Sweep.class.getClassLoader())
                .iterator();
        // The bound keeps a services file that keeps failing from turning this into an endless loop.
        for (int failures = 0; failures < 100; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                LoggerFactory.getLogger(WayLookup.class).debug("a way cannot be loaded", e);
            }
        }
        found.sort(
                Comparator.comparingInt(SweepWayProvider::priority).reversed().thenComparing(SweepWayProvider::name));
        return found;
    }

    static SweepWay open(
            @Nullable EchoRequester requester, @Nullable String name, SweepSettings settings, int mostPasses)
            throws EchoUnavailableException {
        if (requester != null) {
            return new RequesterWay(requester, false, settings.coolDown(), mostPasses);
        }
        List<String> reasons = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (SweepWayProvider provider : installed()) {
            names.add(provider.name());
            if (name == null ? provider.priority() >= 0 : name.equals(provider.name())) {
                SweepWay way = tryToOpen(provider, settings, reasons);
                if (way != null) {
                    return way;
                }
            }
        }
        if (name == null || name.equals(RequesterWay.NAME)) {
            return new RequesterWay(EchoRequester.open(), true, settings.coolDown(), mostPasses);
        }
        names.add(RequesterWay.NAME);
        throw new EchoUnavailableException(
                reasons.isEmpty()
                        ? "there is no way \"" + name + "\" to sweep; give one of: " + String.join(", ", names)
                        : String.join("\n  ", reasons));
    }

    private static @Nullable SweepWay tryToOpen(
            SweepWayProvider provider, SweepSettings settings, List<String> reasons) {
        String why;
        try {
            Availability availability = provider.availability();
            if (availability.isAvailable()) {
                return Objects.requireNonNull(provider.open(settings), "open()");
            }
            why = availability.why() + "\n    remedy: " + availability.remedy();
        } catch (EchoUnavailableException e) {
            why = String.valueOf(e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            Availability broken = Availability.thrown(e);
            why = broken.why() + "\n    remedy: " + broken.remedy();
        }
        LoggerFactory.getLogger(WayLookup.class).debug("way {} skipped: {}", provider.name(), why);
        reasons.add(provider.name() + ": " + why);
        return null;
    }
}
