// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.netecho.EchoCapability;
import dev.netecho.EchoOption;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Availability;
import dev.netecho.testkit.cases.Covers;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.windows.win32.IcmpApi;
import dev.netecho.windows.win32.IpStatus;
import dev.netecho.windows.win32.KernelApi;
import dev.netecho.windows.win32.Win32Error;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions themselves, parameter by parameter and error by error, as far as Wine 8 can show them. */
@LabTest
final class WindowsCallTest {
    private static final Pointer INVALID = new Pointer(-1);

    private final WindowsSystem system = WindowsSystem.load();
    private final IcmpApi icmp = system.icmp();
    private final KernelApi kernel = system.kernel();

    /** A synchronous call: neither event nor routine. */
    private int call(Pointer handle, int destination, Pointer options, Pointer reply, int replySize) {
        try (Memory data = new Memory(32)) {
            data.clear();
            int replies = icmp.IcmpSendEcho2Ex(
                    handle, null, null, null, 0, destination, data, (short) 32, options, reply, replySize, 1000);
            return replies > 0 ? 0 : kernel.GetLastError();
        }
    }

    private static int ipAddr(int d) {
        return 198 | 18 << 8 | 1 << 16 | d << 24;
    }

    @Test
    void aSynchronousCallReturnsTheNumberOfReplies() {
        Pointer handle = icmp.IcmpCreateFile();
        try (Memory reply = new Memory(256)) {
            assertThat(call(handle, ipAddr(1), null, reply, 256)).isZero();
            assertThat(reply.getInt(4)).isEqualTo(IpStatus.IP_SUCCESS);
            assertThat(reply.getByteArray(0, 4)).containsExactly(198, 18, 1, 1);
        } finally {
            assertThat(icmp.IcmpCloseHandle(handle)).isTrue();
        }
    }

    @Test
    void aHandleThatIsNoneIsAnInvalidParameter() {
        try (Memory reply = new Memory(256)) {
            assertThat(call(INVALID, ipAddr(1), null, reply, 256)).isEqualTo(Win32Error.ERROR_INVALID_PARAMETER);
        }
    }

    @ParameterizedTest(name = "reply size {0} gives error {1}")
    @CsvSource({"0,87", "39,87", "41,11050", "71,11050"})
    void aReplyBufferTooSmallIsRefused(int replySize, int error) {
        Pointer handle = icmp.IcmpCreateFile();
        try (Memory reply = new Memory(256)) {
            assertThat(call(handle, ipAddr(1), null, reply, replySize)).isEqualTo(error);
        } finally {
            icmp.IcmpCloseHandle(handle);
        }
    }

    @Test
    void noReplyBufferIsAnInvalidParameter() {
        Pointer handle = icmp.IcmpCreateFile();
        assertThat(call(handle, ipAddr(1), null, null, 256)).isEqualTo(Win32Error.ERROR_INVALID_PARAMETER);
        icmp.IcmpCloseHandle(handle);
    }

    @Test
    void theUnspecifiedDestinationIsAnInvalidNetname() {
        Pointer handle = icmp.IcmpCreateFile();
        try (Memory reply = new Memory(256)) {
            assertThat(call(handle, 0, null, reply, 256)).isEqualTo(Win32Error.ERROR_INVALID_NETNAME);
        } finally {
            icmp.IcmpCloseHandle(handle);
        }
    }

    @Test
    void anErrorHasTheSystemsText() {
        assertThat(system.messages().text(Win32Error.ERROR_INVALID_PARAMETER)).isNotBlank();
        assertThat(system.messages().text(0x7fff_fff0)).isEmpty();
    }

    @Test
    void theCallTakesSourceDontFragmentTrafficClassAndIpOptions() {
        try (WindowsRequester requester = WindowsRequester.open(new HostTraits(true, true, true, 180))) {
            EchoOutcome outcome = requester.send(EchoRequest.newBuilder(LabPlan.AT_ONCE.ipv4(4))
                    .source(LabPlan.HERE.ipv4(2))
                    .options(EchoOptions.DEFAULT
                            .withDontFragment(true)
                            .withTrafficClass(0xb8)
                            .withHopLimit(9))
                    .timeout(Duration.ofSeconds(2))
                    .build());
            assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
        }
    }

    @Test
    void ipOptionsAreTakenByTheCall() {
        Map<EchoOption<?>, Object> options = Map.of(WindowsOptions.IP_OPTIONS, new byte[] {7, 39, 4, 0, 0, 0, 0, 0});
        try (WindowsRequester requester = WindowsRequester.open(options)) {
            assertThat(requester.send(EchoRequest.to(LabPlan.AT_ONCE.ipv4(5)))).isInstanceOf(EchoOutcome.Reply.class);
        }
    }

    @Covers(rules = "PRO-4", cases = "C101", backends = "windows-iphlpapi")
    @Test
    void withoutIpv6RequestsForItAreRefusedAndIpv4Works() {
        try (WindowsRequester requester = WindowsRequester.open()) {
            EchoOutcome outcome = requester.send(EchoRequest.to(LabPlan.AT_ONCE.ipv6(1)));
            assertThat(((EchoOutcome.NotSent) outcome).reason()).isEqualTo(NotSentReason.UNSUPPORTED);
            assertThat(requester.send(EchoRequest.to(LabPlan.AT_ONCE.ipv4(1)))).isInstanceOf(EchoOutcome.Reply.class);
        }
    }

    @Test
    void underWineOnlyWhatItObeysIsClaimed() {
        try (WindowsRequester requester = WindowsRequester.open()) {
            assertThat(requester.engine.capabilities())
                    .containsExactlyInAnyOrder(
                            EchoCapability.IPV4,
                            EchoCapability.HOP_LIMIT_IPV4,
                            EchoCapability.TRAFFIC_CLASS_IPV4,
                            EchoCapability.REPLY_HOP_LIMIT_IPV4);
        }
    }

    @Test
    void theProviderIsAvailableAndSaysWhatIsMissing() {
        Availability availability = new WindowsIphlpapiProvider().availability();
        assertThat(availability.isAvailable()).isTrue();
        assertThat(availability.why()).startsWith("without IPv6: Icmp6CreateFile failed with error 120");
    }
}
