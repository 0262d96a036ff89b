// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.spi.Stray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** The numbered procedure in {@link EchoRequesterProvider}. */
class ProviderLookupTest {
    private static final String PROPERTY = "netecho.provider";

    @TempDir
    Path folder;

    private final List<URLClassLoader> loaders = new ArrayList<>();
    private String propertyBefore;

    @BeforeEach
    void forgetTheProperty() {
        propertyBefore = System.clearProperty(PROPERTY);
    }

    @AfterEach
    void restore() throws IOException {
        if (propertyBefore == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, propertyBefore);
        }
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }

    // Step 1: a provider object.

    @Test
    void step1AProviderObjectIsUsedAndNoOther() throws Exception {
        FakeProvider given = new FakeProvider("given", 0);
        System.setProperty(PROPERTY, "high");
        EchoRequester.Builder builder =
                EchoRequester.newBuilder().provider("low").provider(given);

        try (EchoRequester requester = ProviderLookup.open(builder, services(High.class, Low.class))) {
            assertThat(requester.provider()).isEqualTo("given");
            assertThat(requester.capabilities()).isEqualTo(given.engine.capabilities());
            assertThat(requester.toString()).matches("icmp-echo-\\d+\\[given]");
        }
        assertThat(given.engine.closes).hasValue(1);
    }

    @Test
    void step1AProviderObjectMayHaveNegativePriority() throws Exception {
        try (EchoRequester requester = EchoRequester.newBuilder()
                .provider(new FakeProvider("given", -1))
                .open()) {
            assertThat(requester.provider()).isEqualTo("given");
        }
    }

    @Test
    void step1AnUnavailableProviderObjectHasNoSubstitute() {
        EchoRequester.Builder builder = EchoRequester.newBuilder().provider(new Unavailable());

        EchoUnavailableException e = refused(builder, services(High.class));

        assertThat(e).hasMessage("""
                no ICMP echo provider is available here
                  unavailable: socket: EACCES
                    remedy: sysctl -w net.ipv4.ping_group_range="0 2147483647\"""");
        assertThat(e.getSuppressed()).containsExactly(Unavailable.CAUSE);
    }

    @Test
    void theRequesterHasTheNameOfTheBuilder() throws Exception {
        FakeProvider given = new FakeProvider("given", 0);
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(given).name("probes.eu-1").open()) {
            assertThat(requester.name()).isEqualTo("probes.eu-1");
            assertThat(given.config.name()).isEqualTo("probes.eu-1");
            assertThat(requester).hasToString("probes.eu-1[given]");
        }
    }

    /** SPEC PRO-3: a limit of threads is a cause that an operator can remove; another lack of memory is none. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThreadThatTheSystemRefusesIsNamedWithItsRemedy(boolean atOpen) {
        String message = "unable to create native thread: possibly out of memory or process/resource limits reached";
        assertThatThrownBy(() -> EchoRequester.newBuilder()
                        .provider(refusing(atOpen, message))
                        .open())
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContainingAll("one more thread", "ulimit -u", "pids.max");
        assertThatThrownBy(() -> EchoRequester.newBuilder()
                        .provider(refusing(atOpen, "Java heap space"))
                        .open())
                .isInstanceOf(OutOfMemoryError.class);
    }

    private static EchoRequesterProvider refusing(boolean atOpen, String message) {
        return new EchoRequesterProvider() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public int priority() {
                return 0;
            }

            @Override
            public Availability availability() {
                if (!atOpen) {
                    throw new OutOfMemoryError(message);
                }
                return Availability.available();
            }

            @Override
            public EchoEngine open(EchoConfig config) {
                throw new OutOfMemoryError(message);
            }
        };
    }

    @Test
    void withoutANameEveryRequesterHasItsOwn() throws Exception {
        FakeProvider given = new FakeProvider("given", 0);
        EchoRequester.Builder builder = EchoRequester.newBuilder().provider(given);
        try (EchoRequester first = builder.open();
                EchoRequester second = builder.open()) {
            assertThat(first.name()).matches("icmp-echo-[0-9]+").isNotEqualTo(second.name());
            assertThat(second.name()).isEqualTo(given.config.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "a\nb", "\u001b[1m", "a\u202eb"})
    void aNameThatALogCouldMistakeIsRefusedAndNamed(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoRequester.newBuilder().name(name))
                .withMessageContaining("\"" + name + "\"")
                .withMessageContaining("1 to 64");
    }

    @Test
    void aNameHas64CharactersAtMost() {
        assertThat(EchoRequester.newBuilder().name("n".repeat(64))).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoRequester.newBuilder().name("n".repeat(65)));
    }

    @Test
    void theEngineGetsNameCountersAndOptions() throws Exception {
        FakeProvider given = new FakeProvider("given", 0);
        EchoOption<String> option = EchoOption.of("test.option", String.class);

        try (EchoRequester requester = EchoRequester.newBuilder()
                .provider(given)
                .option(option, "value")
                .open()) {
            assertThat(requester.toString()).startsWith(given.config.name() + "[");
            assertThat(given.config.option(option)).contains("value");
            given.config.counters().observe(Stray.LATE);
            given.config.counters().count(Stray.LATE);
            assertThat(requester.statistics().late()).hasValue(1);
        }
    }

    // Step 2: a name.

    @Test
    void step2ANameGivenToTheBuilderRestrictsTheChoice() throws Exception {
        assertThat(chosen(EchoRequester.newBuilder().provider("low"), High.class, Low.class))
                .isEqualTo("low");
    }

    @Test
    void step2TheSystemPropertyRestrictsTheChoice() throws Exception {
        System.setProperty(PROPERTY, "low");

        assertThat(chosen(EchoRequester.newBuilder(), High.class, Low.class)).isEqualTo("low");
    }

    @Test
    void step2TheBuildersNameGoesBeforeTheSystemProperty() throws Exception {
        System.setProperty(PROPERTY, "high");

        assertThat(chosen(EchoRequester.newBuilder().provider("low"), High.class, Low.class))
                .isEqualTo("low");
    }

    @Test
    void step2ANameReachesAProviderOfNegativePriority() throws Exception {
        assertThat(chosen(EchoRequester.newBuilder().provider("never-by-itself"), High.class, Negative.class))
                .isEqualTo("never-by-itself");
    }

    @Test
    void step2TheHigherPriorityWinsForOneName() throws Exception {
        assertThat(chosen(EchoRequester.newBuilder().provider("low"), Low.class, LowsNamesake.class))
                .isEqualTo("low");
        assertThat(LowsNamesake.opened).isTrue();
    }

    @Test
    void step2AnUnknownNameListsWhatWasFound() {
        EchoUnavailableException e = refused(
                EchoRequester.newBuilder().provider("lniux-raw"), services(High.class, Negative.class, Low.class));

        assertThat(e)
                .hasMessage("no ICMP echo provider is available here (asked for \"lniux-raw\")\n"
                        + "  there is no provider named \"lniux-raw\"; found: high, never-by-itself, low");
        assertThat(e.getSuppressed()).isEmpty();
    }

    @Test
    void step2AnUnknownNameWithoutProvidersSaysSo() {
        System.setProperty(PROPERTY, "linux-raw");

        assertThat(refused(EchoRequester.newBuilder(), services()))
                .hasMessage("no ICMP echo provider is available here (asked for \"linux-raw\")\n"
                        + "  there is no provider named \"linux-raw\"; found: none");
    }

    @Test
    void step2AnUnavailableNamedProviderHasNoSubstitute() {
        assertThat(refused(EchoRequester.newBuilder().provider("unavailable"), services(High.class, Unavailable.class)))
                .hasMessageContaining("(asked for \"unavailable\")\n  unavailable: socket: EACCES\n")
                .hasMessageNotContaining("high");
    }

    // Step 3: the service loader.

    @Test
    void step3ABrokenServicesFileIsNotedAndSkipped() throws Exception {
        Path broken = servicesFile("dev.netecho.NoSuchProvider\nthis is no class name\n");
        ClassLoader loader = loader(broken, servicesFile("", Low.class));

        try (EchoRequester requester = ProviderLookup.open(EchoRequester.newBuilder(), loader)) {
            assertThat(requester.provider()).isEqualTo("low");
        }
        EchoUnavailableException e = refused(EchoRequester.newBuilder().provider("other"), loader);
        assertThat(e)
                .hasMessageContaining("cannot be loaded")
                .hasMessageContaining("META-INF/services/" + EchoRequesterProvider.class.getName() + ":2: ")
                .hasMessageContaining("remedy: repair its jar");
        assertThat(e.getSuppressed()).isNotEmpty();
    }

    @Test
    void step3AMissingProviderClassIsSkipped() {
        ClassLoader loader = loader(servicesFile("dev.netecho.NoSuchProvider\n"));

        EchoUnavailableException e = refused(EchoRequester.newBuilder(), loader);

        assertThat(e).hasMessageContaining("dev.netecho.NoSuchProvider");
        assertThat(e.getSuppressed()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ThrowsInConstructor.class,
                LinksInConstructor.class,
                ThrowsInName.class,
                ThrowsInPriority.class,
                ThrowsInAvailability.class,
                LinksInAvailability.class,
                ThrowsInOpen.class,
                LinksInOpen.class,
                RefusesInOpen.class
            })
    void steps3And4AFailingProviderIsSkippedWithItsReason(Class<?> broken) throws Exception {
        assertThat(chosen(EchoRequester.newBuilder(), broken, Low.class)).isEqualTo("low");
        assertThat(chosen(EchoRequester.newBuilder(), Low.class, broken)).isEqualTo("low");

        EchoUnavailableException e = refused(EchoRequester.newBuilder(), services(broken));

        String name = broken.getSimpleName();
        assertThat(e.getMessage()).containsAnyOf(name, "failing");
        assertThat(e).hasMessageContaining("the reason of " + name);
        assertThat(e.getSuppressed()).hasSize(1);
        assertThat(e.getSuppressed()[0]).hasStackTraceContaining("the reason of " + name);
    }

    @Test
    void steps3And4AProviderThatReturnsNullIsSkipped() throws Exception {
        assertThat(chosen(
                        EchoRequester.newBuilder(),
                        GivesNoName.class,
                        GivesNoAvailability.class,
                        OpensNothing.class,
                        Low.class))
                .isEqualTo("low");

        assertThat(refused(
                        EchoRequester.newBuilder(),
                        services(GivesNoName.class, GivesNoAvailability.class, OpensNothing.class)))
                .hasMessageContaining(GivesNoName.class.getName() + ": threw java.lang.NullPointerException: name()")
                .hasMessageContaining("failing: threw java.lang.NullPointerException: availability()")
                .hasMessageContaining("failing: threw java.lang.NullPointerException: open()");
    }

    @Test
    void step3NegativePriorityIsListedButNotChosen() {
        EchoUnavailableException e = refused(EchoRequester.newBuilder(), services(Negative.class));

        assertThat(e)
                .hasMessageContaining("never-by-itself: is used only if it is asked for by name")
                .hasMessageContaining("add netecho-linux-rawsocket");
    }

    @Test
    void step3NegativePriorityIsNotTriedAfterOthersFailed() {
        assertThat(refused(EchoRequester.newBuilder(), services(Negative.class, Unavailable.class)))
                .hasMessageContaining("unavailable: socket: EACCES")
                .hasMessageContaining("never-by-itself: is used only if it is asked for by name");
    }

    @Test
    void step3TheContextClassLoaderIsNotAsked() {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(services(High.class));
        try {
            EchoUnavailableException e = catchThrowableOfType(
                    EchoUnavailableException.class, () -> EchoRequester.open().close());
            assertThat(e).isNotNull();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Test
    void step3TheClassLoaderOfTheApiIsAsked() throws Exception {
        URL main = EchoRequester.class.getProtectionDomain().getCodeSource().getLocation();
        URL tests = High.class.getProtectionDomain().getCodeSource().getLocation();
        URL slf4j = Logger.class.getProtectionDomain().getCodeSource().getLocation();
        Path services = servicesFile("", High.class);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {main, tests, slf4j, services.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> api = loader.loadClass(EchoRequester.class.getName());
            assertThat(api).isNotSameAs(EchoRequester.class);

            try (AutoCloseable requester = (AutoCloseable) api.getMethod("open").invoke(null)) {
                assertThat(api.getMethod("provider").invoke(requester)).isEqualTo("high");
            }
        }
    }

    // Step 4: the order.

    @Test
    void step4PriorityDecidesThenName() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            List<Class<?>> providers =
                    new ArrayList<>(List.of(Lowest.class, LowB.class, Low.class, High.class, Negative.class));
            for (int i = providers.size() - 1; i > 0; i--) {
                Collections.swap(providers, i, random.nextInt(i + 1));
            }
            ClassLoader loader = services(providers.toArray(Class<?>[]::new));

            ProviderLookup lookup = new ProviderLookup(EchoRequester.newBuilder(), loader);
            assertThat(lookup.candidates(null))
                    .extracting(EchoRequesterProvider::name)
                    .as("seed %d, round %d, file %s", seed, round, providers)
                    .containsExactly("high", "low", "low-b", "lowest");
        }
    }

    // Step 5: nobody.

    @Test
    void step5WithoutProvidersTheTextSaysWhatToAdd() {
        EchoUnavailableException e = refused(EchoRequester.newBuilder(), services());

        assertThat(e)
                .hasMessage("no ICMP echo provider is available here\n"
                        + "  no provider was found on the class path; add netecho-linux-rawsocket (or another backend)"
                        + " to it; if the jars were merged, merge META-INF/services too");
        assertThat(e.getSuppressed()).isEmpty();
    }

    @Test
    void step5EveryProviderIsListedWithReasonRemedyAndCause() {
        EchoUnavailableException e = refused(
                EchoRequester.newBuilder(),
                services(
                        ThrowsInOpen.class, Unavailable.class, ThrowsInName.class, Windows.class, RefusesInOpen.class));

        assertThat(e.getMessage().split("\n"))
                .startsWith("no ICMP echo provider is available here")
                .contains(
                        "  failing: threw java.lang.IllegalStateException: the reason of ThrowsInOpen",
                        "    remedy: the cause is not known; report this as a defect of the provider",
                        "  unavailable: socket: EACCES",
                        "    remedy: sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"",
                        "  " + ThrowsInName.class.getName()
                                + ": threw java.lang.IllegalStateException: the reason of ThrowsInName",
                        "    remedy: remove or update this provider",
                        "  failing: the reason of RefusesInOpen")
                .hasSize(8);
        assertThat(e.getSuppressed()).hasSize(4).contains(Unavailable.CAUSE);
    }

    /** Its remedy would send the reader after a jar that is there. */
    @Test
    void step5AProviderOfAnotherSystemIsListedAlone() {
        assertThat(refused(EchoRequester.newBuilder(), services(Windows.class))).hasMessage("""
                        no ICMP echo provider is available here
                          windows: this is not Windows
                            remedy: use another backend""");
        assertThat(refused(EchoRequester.newBuilder().provider("windows"), services(Windows.class, Unavailable.class)))
                .hasMessageContaining("windows: this is not Windows");
        assertThat(refused(EchoRequester.newBuilder(), services(Windows.class, Unavailable.class)))
                .hasMessage("""
                        no ICMP echo provider is available here
                          unavailable: socket: EACCES
                            remedy: sysctl -w net.ipv4.ping_group_range="0 2147483647\"""");
    }

    // What the tests are made of.

    private String chosen(EchoRequester.Builder builder, Class<?>... providers) throws Exception {
        try (EchoRequester requester = ProviderLookup.open(builder, services(providers))) {
            return requester.provider();
        }
    }

    private static EchoUnavailableException refused(EchoRequester.Builder builder, ClassLoader loader) {
        EchoUnavailableException e = catchThrowableOfType(
                EchoUnavailableException.class,
                () -> ProviderLookup.open(builder, loader).close());
        assertThat(e).isNotNull();
        return e;
    }

    private ClassLoader services(Class<?>... providers) {
        return loader(servicesFile("", providers));
    }

    private Path servicesFile(String lines, Class<?>... providers) {
        String text =
                lines + Stream.of(providers).map(Class::getName).reduce("", (before, name) -> before + name + "\n");
        try {
            Path root = Files.createTempDirectory(folder, "loader");
            Path services = Files.createDirectories(root.resolve("META-INF/services"));
            Files.writeString(services.resolve(EchoRequesterProvider.class.getName()), text);
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClassLoader loader(Path... roots) {
        try {
            URL[] urls = new URL[roots.length];
            for (int i = 0; i < roots.length; i++) {
                urls[i] = roots[i].toUri().toURL();
            }
            URLClassLoader loader = new URLClassLoader(urls, EchoRequester.class.getClassLoader());
            loaders.add(loader);
            return loader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static final class High extends FakeProvider {
        public High() {
            super("high", 100);
        }
    }

    public static final class Low extends FakeProvider {
        public Low() {
            super("low", 1);
        }
    }

    public static final class LowB extends FakeProvider {
        public LowB() {
            super("low-b", 1);
        }
    }

    public static final class Lowest extends FakeProvider {
        public Lowest() {
            super("lowest", 0);
        }
    }

    public static final class LowsNamesake extends FakeProvider {
        static volatile boolean opened;

        public LowsNamesake() {
            super("low", Integer.MAX_VALUE);
        }

        @Override
        public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
            opened = true;
            return super.open(config);
        }
    }

    public static final class Negative extends FakeProvider {
        public Negative() {
            super("never-by-itself", Integer.MIN_VALUE);
        }
    }

    public static final class Unavailable extends FakeProvider {
        static final IOException CAUSE = new IOException("EACCES");

        public Unavailable() {
            super("unavailable", 50);
        }

        @Override
        public Availability availability() {
            return Availability.unavailable(
                    "socket: EACCES", "sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"", CAUSE);
        }
    }

    public static final class Windows extends FakeProvider {
        public Windows() {
            super("windows", 40);
        }

        @Override
        public Availability availability() {
            return Availability.ofAnotherSystem("this is not Windows", "use another backend");
        }
    }

    private static class Failing extends FakeProvider {
        Failing() {
            super("failing", 60);
        }

        RuntimeException reason() {
            return new IllegalStateException("the reason of " + getClass().getSimpleName());
        }

        LinkageError linkage() {
            return new UnsatisfiedLinkError("the reason of " + getClass().getSimpleName());
        }
    }

    public static final class ThrowsInConstructor extends Failing {
        public ThrowsInConstructor() {
            throw new IllegalStateException("the reason of ThrowsInConstructor");
        }
    }

    public static final class LinksInConstructor extends Failing {
        public LinksInConstructor() {
            throw new UnsatisfiedLinkError("the reason of LinksInConstructor");
        }
    }

    public static final class ThrowsInName extends Failing {
        @Override
        public String name() {
            throw reason();
        }
    }

    public static final class ThrowsInPriority extends Failing {
        @Override
        public int priority() {
            throw reason();
        }
    }

    public static final class GivesNoName extends Failing {
        @Override
        public String name() {
            return null;
        }
    }

    public static final class ThrowsInAvailability extends Failing {
        @Override
        public Availability availability() {
            throw reason();
        }
    }

    public static final class LinksInAvailability extends Failing {
        @Override
        public Availability availability() {
            throw linkage();
        }
    }

    public static final class GivesNoAvailability extends Failing {
        @Override
        public Availability availability() {
            return null;
        }
    }

    public static final class ThrowsInOpen extends Failing {
        @Override
        public EchoEngine open(EchoConfig config) {
            throw reason();
        }
    }

    public static final class LinksInOpen extends Failing {
        @Override
        public EchoEngine open(EchoConfig config) {
            throw linkage();
        }
    }

    public static final class RefusesInOpen extends Failing {
        @Override
        public EchoEngine open(EchoConfig config) throws EchoUnavailableException {
            throw new EchoUnavailableException("the reason of RefusesInOpen");
        }
    }

    public static final class OpensNothing extends Failing {
        @Override
        public EchoEngine open(EchoConfig config) {
            return null;
        }
    }
}
