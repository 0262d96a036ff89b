// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.backend.StrayCounts;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class WindowsIphlpapiProviderTest {
    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(EchoRequesterProvider.class))
                .anyMatch(provider -> provider instanceof WindowsIphlpapiProvider);
    }

    @Test
    void hasItsNameAndRank() {
        WindowsIphlpapiProvider provider = new WindowsIphlpapiProvider();
        assertThat(provider.name()).isEqualTo("windows-iphlpapi");
        assertThat(provider.priority()).isEqualTo(100);
    }

    @Test
    void elsewhereItSaysWhyAndWhatToDo() {
        Availability availability = WindowsIphlpapiProvider.availability("Linux");
        assertThat(availability.isAvailable()).isFalse();
        assertThat(availability.isOfAnotherSystem()).isTrue();
        assertThat(availability.why()).isEqualTo("iphlpapi.dll is part of Windows, and this is Linux");
        assertThat(availability.remedy()).contains("netecho-linux-rawsocket");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it opens there")
    void elsewhereItDoesNotOpen() {
        EchoConfig config = new EchoConfig("icmp-echo-test", Map.of(), new StrayCounts());
        assertThatThrownBy(() -> new WindowsIphlpapiProvider().open(config))
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContainingAll(
                        "remedy: use the backend for this system; for Linux that is netecho-linux-rawsocket",
                        "merge META-INF/services too");
    }

    /** SPEC PRO-2: without JNA on the class path, constructing it and asking its name must still work. */
    @Test
    void constructingItLoadsNothingNative() throws Exception {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        URL[] withoutJna = Pattern.compile(File.pathSeparator)
                .splitAsStream(path)
                .filter(element -> !new File(element).getName().startsWith("jna"))
                .map(WindowsIphlpapiProviderTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(withoutJna, ClassLoader.getPlatformClassLoader())) {
            Object provider = loader.loadClass(WindowsIphlpapiProvider.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThat(provider.getClass()).isNotSameAs(WindowsIphlpapiProvider.class);
            assertThat(provider.getClass().getMethod("name").invoke(provider)).isEqualTo("windows-iphlpapi");
            assertThat(provider.getClass().getMethod("priority").invoke(provider))
                    .isEqualTo(100);
        }
    }

    private static URL url(String element) {
        try {
            return new File(element).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
