// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What Surefire reports of one module's tests in one build; reports that another build has left do not count.
 *
 * <p>Every report lists the system properties of its JVM, and by {@code netecho.build} what build it belongs to.
 */
final class SurefireReports {
    /** Properties of a command line that leave tests out. */
    private static final List<String> FILTERS =
            List.of("test", "groups", "excludedGroups", "surefire.includes", "surefire.excludes");

    private final Map<String, List<Outcome>> outcomes = new TreeMap<>();
    private boolean filtered;

    /** How one invocation ended. */
    record Outcome(Result result, String reason) {}

    /**
     * Reads the reports.
     *
     * @param target the build directory of the module; need not exist
     */
    static SurefireReports read(Path target, String build) throws IOException {
        SurefireReports reports = new SurefireReports();
        Path directory = target.resolve("surefire-reports");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                for (Path file : files) {
                    reports.add(file, build);
                }
            }
        }
        return reports;
    }

    /** {@return whether a test of the module ran in this build} */
    boolean isTested() {
        return !outcomes.isEmpty();
    }

    /** {@return whether somebody chose among the module's tests, for instance by {@code -Dtest=...}} */
    boolean isFiltered() {
        return filtered;
    }

    /**
     * {@return how the invocations of a test ended, by full class name, a dot and the method; empty if it did not run}
     */
    List<Outcome> of(String test) {
        return outcomes.getOrDefault(test, List.of());
    }

    private void add(Path file, String build) throws IOException {
        Map<String, String> properties = new TreeMap<>();
        Map<String, List<Outcome>> cases = new TreeMap<>();
        try (InputStream bytes = Files.newInputStream(file)) {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader xml = factory.createXMLStreamReader(bytes);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    if (xml.getLocalName().equals("property")) {
                        properties.put(attribute(xml, "name"), attribute(xml, "value"));
                    } else if (xml.getLocalName().equals("testcase")) {
                        String name = attribute(xml, "name").replaceFirst("[(\\[{ ].*", "");
                        cases.computeIfAbsent(attribute(xml, "classname") + "." + name, key -> new ArrayList<>())
                                .add(outcome(xml));
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException(file + " is no report of Surefire", e);
        }
        if (build.equals(properties.get("netecho.build"))) {
            filtered |= FILTERS.stream()
                    .anyMatch(name -> !properties.getOrDefault(name, "").isEmpty());
            cases.forEach((test, some) ->
                    outcomes.computeIfAbsent(test, key -> new ArrayList<>()).addAll(some));
        }
    }

    /** Reads to the end of the element {@code testcase}. */
    private static Outcome outcome(XMLStreamReader xml) throws XMLStreamException {
        Outcome outcome = new Outcome(Result.PASSED, "");
        while (true) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("testcase")) {
                return outcome;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "failure", "error" -> outcome = new Outcome(Result.FAILED, attribute(xml, "message"));
                    case "skipped" -> outcome = new Outcome(Result.SKIPPED, attribute(xml, "message"));
                    default -> {
                        // What a test printed, and reruns that Surefire tells beside the first run.
                    }
                }
            }
        }
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
