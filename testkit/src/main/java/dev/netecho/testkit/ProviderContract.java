// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.lab.LabPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The rules PRO-1 to PRO-4: how a backend is found, and what it says if it cannot run. */
public abstract class ProviderContract extends EchoContract {
    private static final int INSTANCES = 50;

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected ProviderContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(rule = "PRO-1", cases = "C103")
    void pro1TheBackendInUseIsNamed() {
        checkEquals(harness().newProvider().name(), requester().provider(), "the provider in use");
    }

    @SpecTest(rule = "PRO-1", cases = "C104")
    void pro1TheServiceLoaderFindsTheProviderByItsName() {
        EchoRequesterProvider provider = harness().newProvider();
        checkEquals(provider.name(), harness().newProvider().name(), "the name of another instance");
        checkEquals(provider.priority(), harness().newProvider().priority(), "the priority of another instance");
        check(
                provider.name().matches("[a-z0-9]+(-[a-z0-9]+)*"),
                "the name is lower case with hyphens, but it is " + provider.name());
        List<String> found = new ArrayList<>();
        for (EchoRequesterProvider each : ServiceLoader.load(EchoRequesterProvider.class)) {
            found.add(each.name());
        }
        check(
                found.contains(provider.name()),
                "the ServiceLoader finds " + provider.name() + ", but it finds " + found);
    }

    @SpecTest(rule = "PRO-2")
    void pro2ConstructingAProviderStartsNothing() {
        Holdings before = Holdings.now(harness());
        int threads = Thread.getAllStackTraces().size();
        List<EchoRequesterProvider> providers = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            providers.add(harness().newProvider());
        }
        String more = Holdings.now(harness()).moreThan(before);
        int started = Thread.getAllStackTraces().size() - threads;
        check(more.isEmpty(), "constructing " + providers.size() + " providers takes nothing, but it took " + more);
        check(
                started < INSTANCES / 2,
                "constructing " + providers.size() + " providers starts no thread, but " + started);
    }

    @SpecTest(rule = "PRO-3")
    void pro3AnAvailableProviderOpens() throws EchoUnavailableException {
        Availability availability = harness().newProvider().availability();
        check(availability.isAvailable(), "the contract runs, so the provider is available, but it is " + availability);
        checkEquals(availability.why().isEmpty(), availability.remedy().isEmpty(), "whether there is a remedy");
        harness().open(harness().newBuilder()).close();
    }

    @SpecTest(rule = "PRO-3", cases = "C95", unless = Limit.NO_UNAVAILABLE_HOST)
    void pro3AnUnavailableProviderSaysWhyAndWhatToDo() {
        EchoRequesterProvider provider = harness().unavailableProvider();
        Availability availability = provider.availability();
        check(!availability.isAvailable(), "the provider cannot run, but it is " + availability);
        check(availability.why().length() > 10, "it says why, but it says \"" + availability.why() + "\"");
        check(availability.remedy().length() > 10, "it says what to do, but it says \"" + availability.remedy() + "\"");
        try {
            EchoRequester.newBuilder().provider(provider).open().close();
        } catch (EchoUnavailableException e) {
            String message = String.valueOf(e.getMessage());
            check(message.contains(availability.remedy()), "the message has the remedy, but it is " + message);
            return;
        }
        throw failure("expected an EchoUnavailableException, but the provider opened");
    }

    @SpecTest(
            rule = "PRO-4",
            cases = "C101",
            unless = {Limit.NO_MISSING_FAMILY, Limit.NO_IPV6})
    void pro4OneFamilyThatIsMissingDoesNotTakeTheOtherWithIt(IpVersion missing) {
        IpVersion there = pick(missing, IpVersion.V6, IpVersion.V4);
        EchoRequester open = open(builder -> harness().newBuilderWithout(missing));
        EchoRequest refused = to(missing, LabPlan.AT_ONCE, 1).build();
        EchoOutcome outcome = outcome(ask(open, refused));
        checkEquals(NotSentReason.UNSUPPORTED, notSent(outcome).reason(), "the reason for " + missing);
        intact(outcome(ask(open, to(there, LabPlan.AT_ONCE, 1).build())));
    }
}
