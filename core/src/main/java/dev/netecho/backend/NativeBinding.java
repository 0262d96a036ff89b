// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.Availability;
import java.util.List;

/** A way to call functions of the system, for backends that know both. */
public enum NativeBinding {
    /** {@code java.lang.foreign}, through {@link ForeignFunctions}. */
    FOREIGN("java.lang.foreign"),
    /** The library JNA. */
    JNA("JNA");

    /** The system property that names the binding to try, {@code ffm} or {@code jna}, or both: {@code jna,ffm}. */
    public static final String PROPERTY = "netecho.binding";

    private static final int FIRST_JDK_WITH_FOREIGN = 22;
    private static final String DENIAL = "this JVM denies native access to ";

    private final String title;

    NativeBinding(String title) {
        this.title = title;
    }

    /** {@return what an operator knows it by} */
    public String title() {
        return title;
    }

    /**
     * {@return what to try, the first choice first; empty if {@link #PROPERTY} has another value}
     *
     * <p>That is {@link #FOREIGN} if this is JDK 22 or newer and grants native access, else {@link #JNA}; then the
     * other. Without JNA, JDK 22 and newer work too, and warn.
     *
     * @param module the module that makes the calls
     */
    public static List<NativeBinding> order(Module module) {
        return switch (System.getProperty(PROPERTY, "")) {
            case "" ->
                Runtime.version().feature() < FIRST_JDK_WITH_FOREIGN
                        ? List.of(JNA)
                        : isGranted(module) ? List.of(FOREIGN, JNA) : List.of(JNA, FOREIGN);
            case "ffm" -> List.of(FOREIGN);
            case "jna" -> List.of(JNA);
            // For a program that runs for a moment: JNA is ready sooner, java.lang.foreign calls faster.
            case "jna,ffm" -> List.of(JNA, FOREIGN);
            default -> List.of();
        };
    }

    /** {@return why an {@linkplain #order order} is empty} */
    public static Availability noOrder() {
        return Availability.unavailable(
                "the system property " + PROPERTY + " is \"" + System.getProperty(PROPERTY, "") + '"',
                "set it to ffm or jna, to jna,ffm, or leave it out",
                null);
    }

    /**
     * {@return what it means that {@link #FOREIGN} could not be loaded}
     *
     * @param thrown what loading threw
     * @param moduleName the name of the module that makes the calls, or the empty string on the class path
     */
    public static Availability foreignFailure(Throwable thrown, String moduleName) {
        JnaFailure failure = new JnaFailure(thrown, moduleName);
        return failure.isDenial()
                ? Availability.unavailable(
                        DENIAL + FOREIGN.title,
                        "start the JVM with --enable-native-access="
                                + (moduleName.isEmpty() ? "ALL-UNNAMED" : moduleName),
                        thrown)
                : Availability.unavailable(
                        FOREIGN.title + " cannot be used (" + failure.text() + ")",
                        "run JDK 22 or newer, or add net.java.dev.jna:jna and leave out -D" + PROPERTY,
                        thrown);
    }

    /**
     * {@return why neither can be used}
     *
     * @param first why the first choice cannot
     * @param second why the other cannot
     */
    public static Availability both(Availability first, Availability second) {
        // A JVM that denies native access to one denies it to the other, so that only the grant helps. That of the
        // second is enough: JNA is the first where there is none, and needs one more.
        String remedy = isDenial(second)
                ? second.remedy()
                : isDenial(first) ? first.remedy() : first.remedy() + "; or " + second.remedy();
        return Availability.unavailable(
                first.why() + "; and " + second.why(), remedy, first.cause().orElse(null));
    }

    private static boolean isDenial(Availability failure) {
        return failure.why().startsWith(DENIAL);
    }

    /** {@return whether this JVM lets the module call native code without a warning} */
    private static boolean isGranted(Module module) {
        try {
            // Since JDK 22.
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
