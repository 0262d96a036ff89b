// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import picocli.CommandLine.IVersionProvider;

/** The version Maven wrote into the jar, and what it runs on here: what a report of a defect has to say. */
final class ProjectVersion implements IVersionProvider {
    private static final String RESOURCE = "/META-INF/maven/dev.netecho/netecho-cli/pom.properties";

    private final String command;
    private final Supplier<List<EchoRequesterProvider>> providers;

    /**
     * Constructs the version.
     *
     * @param command that is asked for it
     * @param providers finds the providers
     */
    ProjectVersion(String command, Supplier<List<EchoRequesterProvider>> providers) {
        this.command = command;
        this.providers = providers;
    }

    @Override
    public String[] getVersion() throws IOException {
        String version = "netecho " + number() + ", " + provider() + ", " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch");
        // Programs that call ping look for the name of one whose options and output they know.
        return command.equals("ping")
                ? new String[] {version, "options and output in the form of ping from iputils"}
                : new String[] {version};
    }

    static String number() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ProjectVersion.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "(not packaged)");
    }

    private String provider() {
        for (EchoRequesterProvider provider : providers.get()) {
            Availability availability = provider.availability();
            if (provider.priority() >= 0 && availability.isAvailable()) {
                String binding = availability.binding();
                return "provider " + provider.name() + (binding.isEmpty() ? "" : " (" + binding + ")");
            }
        }
        return "no provider (see netecho doctor)";
    }
}
