// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a provider can run on this host, and if not, why and what an operator can do. Immutable. */
public final class Availability {
    private static final Availability AVAILABLE = new Availability(true, false, "", "", null, "");

    /** As the JVM names it in a NoClassDefFoundError, also if an ExceptionInInitializerError repeats one. */
    private static final Pattern MISSING_CLASS =
            Pattern.compile("(?:^|NoClassDefFoundError: )((?:[\\w$]+/)+[\\w$]+)(?= |$)");

    /** If one of these is missing, no jar is missing: they are the library's own. */
    private static final String OWN_CLASSES = "dev.netecho.";

    /** A chain of causes may be circular. */
    private static final int MOST_CAUSES = 16;

    private final boolean available;
    private final boolean elsewhere;
    private final String why;
    private final String remedy;
    private final @Nullable Throwable cause;
    private final String binding;

    private Availability(
            boolean available,
            boolean elsewhere,
            String why,
            String remedy,
            @Nullable Throwable cause,
            String binding) {
        this.available = available;
        this.elsewhere = elsewhere;
        this.why = Objects.requireNonNull(why, "why");
        this.remedy = Objects.requireNonNull(remedy, "remedy");
        this.cause = cause;
        this.binding = Objects.requireNonNull(binding, "binding");
    }

    /** {@return "it can run", with nothing to add} */
    public static Availability available() {
        return AVAILABLE;
    }

    /**
     * {@return "it can run", with a restriction}
     *
     * @param why what is missing, such as one of the two families
     * @param remedy what an operator can do about it
     */
    public static Availability availableBut(String why, String remedy) {
        return new Availability(true, false, why, remedy, null, "");
    }

    /**
     * {@return "it cannot run"}
     *
     * @param why what was tried and how it failed
     * @param remedy what an operator can type
     * @param cause the exception that caused it, or null
     */
    public static Availability unavailable(String why, String remedy, @Nullable Throwable cause) {
        return new Availability(false, false, why, remedy, cause, "");
    }

    /**
     * {@return "it cannot run, because it is for another operating system"} An exception of {@code open} tells that
     * only if no provider for this system was found.
     *
     * @param why which system it is for, and which this one is
     * @param remedy what an operator can do
     */
    public static Availability ofAnotherSystem(String why, String remedy) {
        return new Availability(false, true, why, remedy, null, "");
    }

    /**
     * {@return "it cannot run", because of what a provider threw} Tells a missing class, incompatible jars, and a lack
     * of descriptors apart from a defect of the provider.
     *
     * @param thrown what it threw
     */
    public static Availability thrown(Throwable thrown) {
        String why = "threw " + thrown;
        if (OpenFiles.areScarce()) { // then anything may be thrown
            return unavailable(OpenFiles.WHY + " (" + why + ")", OpenFiles.REMEDY, thrown);
        }
        Throwable t = thrown;
        for (int i = 0; i < MOST_CAUSES && t != null; i++, t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            // A method or field that another version has.
            if (t instanceof IncompatibleClassChangeError) {
                String remedy = "there are jars on the class path whose versions are incompatible (" + message
                        + "); use those that this version of the library depends on";
                return unavailable(why, remedy, thrown);
            }
            Matcher missing = MISSING_CLASS.matcher(message);
            if (t instanceof LinkageError && missing.find()) {
                String name = missing.group(1).replace('/', '.');
                String remedy = name.startsWith(OWN_CLASSES)
                        ? "the library's own class " + name
                                + " cannot be loaded: there may be jars of different versions, or a jar may be damaged,"
                                + " or the process was short of file descriptors; repair that and restart the process"
                        : "add the jar that has the class " + name
                                + " to the class path; if that library is there, its version is too old";
                return unavailable(why, remedy, thrown);
            }
        }
        return unavailable(why, "the cause is not known; report this as a defect of the provider", thrown);
    }

    /**
     * {@return "it cannot run, because the system refuses this process one more thread"} Throws what it is given if
     * that is another lack of memory.
     *
     * @param thrown what the start of a thread threw
     */
    public static Availability withoutThread(OutOfMemoryError thrown) {
        if (!String.valueOf(thrown.getMessage()).contains("native thread")) {
            throw thrown;
        }
        return unavailable(
                "the system refuses this process one more thread (" + thrown.getMessage() + ")",
                "raise the limit of threads: of the user (ulimit -u, LimitNPROC= in a systemd unit), of the control"
                        + " group (pids.max, TasksMax= in a systemd unit, the pids limit of a container), or of the"
                        + " host (sysctl kernel.threads-max); or find what in this process starts so many",
                thrown);
    }

    /**
     * {@return the same, with what the provider calls the system through}
     *
     * @param newBinding such as "java.lang.foreign" or "JNA"; empty for nothing to say
     */
    public Availability through(String newBinding) {
        return new Availability(available, elsewhere, why, remedy, cause, newBinding);
    }

    /** {@return whether the provider can run} */
    public boolean isAvailable() {
        return available;
    }

    /** {@return whether the provider is for another operating system} */
    public boolean isOfAnotherSystem() {
        return elsewhere;
    }

    /** {@return why not, or what is restricted; empty if there is nothing to say} */
    public String why() {
        return why;
    }

    /** {@return what an operator can do; empty if nothing} */
    public String remedy() {
        return remedy;
    }

    /** {@return the exception that caused it, if there is one} */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /** {@return what the provider calls the system through, such as "java.lang.foreign" or "JNA"; empty if unknown} */
    public String binding() {
        return binding;
    }

    @Override
    public String toString() {
        return (available ? "available" : "unavailable")
                + (binding.isEmpty() ? "" : " through " + binding)
                + (why.isEmpty() ? "" : ": " + why)
                + (remedy.isEmpty() ? "" : " (remedy: " + remedy + ")");
    }
}
