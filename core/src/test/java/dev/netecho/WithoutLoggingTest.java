// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program that has forgotten slf4j-api. */
final class WithoutLoggingTest {
    @Test
    void saysWhichJarIsMissing() throws Exception {
        List<URL> classPath = new ArrayList<>();
        // Surefire gives the real class path in a property of its own when it starts the JVM from a manifest.
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String element : path.split(File.pathSeparator, -1)) {
            if (!Path.of(element).getFileName().toString().startsWith("slf4j")) {
                classPath.add(Path.of(element).toUri().toURL());
            }
        }

        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> requester = Class.forName(EchoRequester.class.getName(), true, loader);
            Throwable thrown = catchThrowable(() -> requester.getMethod("open").invoke(null));

            assertThat(thrown).isInstanceOf(InvocationTargetException.class);
            assertThat(thrown.getCause())
                    .hasToString("dev.netecho.EchoUnavailableException: org.slf4j:slf4j-api is missing from the class"
                            + " path (java.lang.NoClassDefFoundError: org/slf4j/LoggerFactory)\n"
                            + "    remedy: add org.slf4j:slf4j-api 1.7 or newer");
        }
    }
}
