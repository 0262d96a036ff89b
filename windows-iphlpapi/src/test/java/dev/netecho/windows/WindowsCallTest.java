// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions themselves, parameter by parameter and error by error, as far as Wine 8 can show them. */
@LabTest
final class WindowsCallTest {
    private static final long INVALID = -1;

    private final WindowsSystem system = WindowsSystem.load();
    private final IcmpApi icmp = system.icmp();
    private final KernelApi kernel = system.kernel();
    private final long data = system.heap().allocate(32);
    private final long reply = system.heap().allocate(256);

    @AfterEach
    void free() {
        system.heap().free(data);
        system.heap().free(reply);
    }

    /** A synchronous call: neither event nor routine. */
    private int call(long handle, int destination, long buffer, int replySize) {
        int replies =
                icmp.IcmpSendEcho2Ex(handle, 0, 0, 0, 0, destination, data, (short) 32, 0, buffer, replySize, 1000);
        return replies > 0 ? 0 : kernel.GetLastError();
    }

    private static int ipAddr(int d) {
        return 198 | 18 << 8 | 1 << 16 | d << 24;
    }

    @Test
    void aSynchronousCallReturnsTheNumberOfReplies() {
        long handle = icmp.IcmpCreateFile();
        try {
            assertThat(call(handle, ipAddr(1), reply, 256)).isZero();
            ByteBuffer received = system.heap().buffer(reply, 256);
            assertThat(received.getInt(4)).isEqualTo(IpStatus.IP_SUCCESS);
            byte[] address = new byte[4];
            received.get(0, address);
            assertThat(address).containsExactly(198, 18, 1, 1);
        } finally {
            assertThat(icmp.IcmpCloseHandle(handle)).isTrue();
        }
    }

    @Test
    void aHandleThatIsNoneIsAnInvalidParameter() {
        assertThat(call(INVALID, ipAddr(1), reply, 256)).isEqualTo(Win32Error.ERROR_INVALID_PARAMETER);
    }

    @ParameterizedTest(name = "reply size {0} gives error {1}")
    @CsvSource({"0,87", "39,87", "41,11050", "71,11050"})
    void aReplyBufferTooSmallIsRefused(int replySize, int error) {
        long handle = icmp.IcmpCreateFile();
        try {
            assertThat(call(handle, ipAddr(1), reply, replySize)).isEqualTo(error);
        } finally {
            icmp.IcmpCloseHandle(handle);
        }
    }

    @Test
    void noReplyBufferIsAnInvalidParameter() {
        long handle = icmp.IcmpCreateFile();
        assertThat(call(handle, ipAddr(1), 0, 256)).isEqualTo(Win32Error.ERROR_INVALID_PARAMETER);
        icmp.IcmpCloseHandle(handle);
    }

    @Test
    void theUnspecifiedDestinationIsAnInvalidNetname() {
        long handle = icmp.IcmpCreateFile();
        try {
            assertThat(call(handle, 0, reply, 256)).isEqualTo(Win32Error.ERROR_INVALID_NETNAME);
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
        boolean foreign = System.getProperty("netecho.binding", "").equals("ffm");
        assertThat(availability.binding()).isEqualTo(foreign ? "java.lang.foreign" : "JNA");
    }
}
