// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.IpVersion;
import dev.netecho.spi.Availability;
import dev.netecho.windows.win32.PointerWidth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One family never takes the other with it (SPEC PRO-4), and says what it failed by (SPEC PRO-3). */
final class HandleTrialTest {
    private final FakeWindows windows = new FakeWindows();

    @Test
    void whatIpv6ThrowsIsItsOwnFailure() throws Exception {
        windows.create6Throws = true;
        HandleTrial trial = HandleTrial.of(windows.system(), new byte[0]);
        assertThat(trial.handles()).containsOnlyKeys(IpVersion.V4);
        assertThat(trial.availability().toString())
                .startsWith("available: without IPv6: Icmp6CreateFile could not be called: ")
                .contains("Error looking up function 'Icmp6CreateFile'");
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @Test
    void functionsThatCouldNotBeBoundSayWhy() {
        WindowsSystem without = new WindowsSystem(
                windows,
                windows,
                null,
                "java.lang.UnsatisfiedLinkError: the text of the binding",
                null,
                windows.heap,
                PointerWidth.BITS_64,
                HostTraits.WINDOWS,
                windows.system().callable(),
                List::of);
        assertThat(HandleTrial.of(without, new byte[0]).availability().why())
                .startsWith("without IPv6: ")
                .endsWith("the text of the binding");
    }

    @Test
    void anEchoToItselfProvesTheCall() {
        HandleTrial trial = HandleTrial.of(windows.system(), new byte[0]).prove(windows.system());
        assertThat(trial.availability().toString())
                .isEqualTo(Availability.available().toString());
        assertThat(windows.calls.get()).as("one of each family").isEqualTo(2);
        assertThat(windows.heap.live()).isZero();
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @Test
    void memoryThatEndsInTheProofLeavesNoHandleOpen() {
        HandleTrial trial = HandleTrial.of(windows.system(), new byte[0]);
        windows.fail("IcmpSendEcho2Ex", 1, () -> new OutOfMemoryError("by the test"));
        assertThatThrownBy(() -> trial.prove(windows.system())).isInstanceOf(OutOfMemoryError.class);
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {5, 6, 50, 87, 120, 10013})
    void aCallThatIsRefusedMakesTheFamilyUnavailable(int error) {
        windows.fail("IcmpSendEcho2Ex", Integer.MAX_VALUE, error);
        Availability four = HandleTrial.of(windows.system(), new byte[0])
                .prove(windows.system())
                .availability();
        assertThat(four.toString()).startsWith("available: without IPv4: IcmpSendEcho2Ex failed with error " + error);
        windows.fail("Icmp6SendEcho2", Integer.MAX_VALUE, error);
        Availability none = HandleTrial.of(windows.system(), new byte[0])
                .prove(windows.system())
                .availability();
        assertThat(none.isAvailable()).isFalse();
        assertThat(none.why())
                .contains("IcmpSendEcho2Ex failed with error " + error)
                .contains("Icmp6SendEcho2 failed with error " + error);
        assertThat(windows.heap.live()).isZero();
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    /** What is short now is not missing: the next look may find it. */
    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {8, 1450, 1453, 1816})
    void aShortageIsNotCalledAMissingFamily(int error) {
        windows.create6Error = error;
        Availability availability =
                HandleTrial.of(windows.system(), new byte[0]).availability();
        assertThat(availability.isAvailable()).isTrue();
        assertThat(availability.why())
                .startsWith("IPv6 could not be tried because of a shortage that may pass: Icmp6CreateFile failed"
                        + " with error "
                        + error)
                .doesNotContain("without", "IPv4");
        assertThat(availability.remedy()).contains("memory").doesNotContain("protocol");
    }

    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {8, 1231, 1450, 11_010, 11_050})
    void whatMayPassIsNoRefusal(int error) {
        windows.fail("IcmpSendEcho2Ex", 1, error);
        assertThat(HandleTrial.of(windows.system(), new byte[0])
                        .prove(windows.system())
                        .availability()
                        .toString())
                .isEqualTo(Availability.available().toString());
    }
}
