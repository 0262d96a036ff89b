// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassType;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.event.VMStartEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a program looks up by reflection, run in a JVM with a breakpoint in each such method.
 *
 * <p>Counted is what our own classes look up, and what JNA looks up of our own classes.
 */
@SuppressForbidden("com.sun.jdi is an exported API of the JDK, and nothing else looks into another JVM")
public final class LookupTrace {
    private static final String OURS = "dev.netecho.";
    private static final String JNA = "com.sun.jna.";

    /** Loads ahead the classes that a folder holds; a native image has no such folder. */
    private static final String LOADS_AHEAD = "dev.netecho.backend.ClassFolders";

    private static final long PATIENCE_MILLIS = 60_000;

    /** Where to stop: a class, and its methods. */
    private static final Map<String, List<String>> BREAKPOINTS = Map.of(
            "java.lang.Class",
            List.of(
                    "forName",
                    "getMethod",
                    "getDeclaredMethod",
                    "getMethods",
                    "getDeclaredMethods",
                    "getField",
                    "getDeclaredField",
                    "getFields",
                    "getDeclaredFields",
                    "arrayType"),
            "java.lang.reflect.Array",
            List.of("newInstance"),
            "java.lang.foreign.FunctionDescriptor",
            List.of("of", "ofVoid"));

    private final VirtualMachine machine;
    private final Set<Lookup> lookups = new LinkedHashSet<>();

    private LookupTrace(VirtualMachine machine) {
        this.machine = machine;
    }

    /** What can be looked up. */
    public enum Kind {
        /** A type as such. */
        TYPE,
        /** A method of a type. */
        METHOD,
        /** A field of a type. */
        FIELD,
        /** A function of the system that is called. */
        DOWNCALL,
        /** A function that the system calls. */
        UPCALL
    }

    /** What was looked up: a member of a type, a type as such, or a function of the system by what it returns. */
    public record Lookup(Kind kind, String type, String name, List<String> parameterTypes) {}

    /** {@return the lookups of a run of a program with a JVM option, or with none if it is empty} */
    public static Set<Lookup> of(Class<?> program, String option) throws Exception {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("home").setValue(System.getProperty("java.home"));
        arguments
                .get("options")
                .setValue(option
                        + (Runtime.version().feature() < 22 ? "" : " --enable-native-access=ALL-UNNAMED")
                        + " -cp \"" + System.getProperty("java.class.path") + '"');
        arguments.get("main").setValue(program.getName());
        VirtualMachine machine = connector.launch(arguments);
        try {
            LookupTrace trace = new LookupTrace(machine);
            trace.run();
            int status = machine.process().waitFor();
            if (status != 0) {
                try (InputStream error = machine.process().getErrorStream()) {
                    throw new IllegalStateException(
                            "status " + status + ": " + new String(error.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            return trace.lookups;
        } finally {
            machine.process().destroyForcibly();
        }
    }

    private void run() throws Exception {
        while (true) {
            EventSet events = machine.eventQueue().remove(PATIENCE_MILLIS);
            if (events == null) {
                throw new IllegalStateException("nothing happens for " + PATIENCE_MILLIS + " ms");
            }
            for (Event event : events) {
                if (event instanceof VMDisconnectEvent) {
                    return;
                } else if (event instanceof VMStartEvent) {
                    BREAKPOINTS.keySet().forEach(this::stopIn);
                } else if (event instanceof ClassPrepareEvent prepared) {
                    stopIn(prepared.referenceType());
                } else if (event instanceof BreakpointEvent stopped) {
                    record(stopped.thread());
                }
            }
            events.resume();
        }
    }

    private void stopIn(String type) {
        List<ReferenceType> loaded = machine.classesByName(type);
        if (loaded.isEmpty()) {
            ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
            request.addClassFilter(type);
            request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
            request.enable();
        } else {
            loaded.forEach(this::stopIn);
        }
    }

    private void stopIn(ReferenceType type) {
        for (Method method : type.methods()) {
            if (BREAKPOINTS.get(type.name()).contains(method.name()) && !method.isNative() && !method.isAbstract()) {
                EventRequest request = machine.eventRequestManager().createBreakpointRequest(method.location());
                request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
                request.enable();
            }
        }
    }

    private void record(ThreadReference thread) throws Exception {
        StackFrame frame = thread.frame(0);
        Method method = frame.location().method();
        ObjectReference self = frame.thisObject();
        List<Value> values = frame.getArgumentValues();
        boolean byUs = false;
        boolean byJna = false;
        for (StackFrame frameAbove : thread.frames(1, Math.min(thread.frameCount() - 1, depth(method)))) {
            String caller = frameAbove.location().declaringType().name();
            byUs |= caller.startsWith(OURS) && !caller.equals(LOADS_AHEAD);
            byJna |= caller.startsWith(JNA);
        }
        String type = self == null ? "" : text(thread, self, "getTypeName");
        if (!byUs && !(byJna && type.startsWith(OURS))) {
            return;
        }
        switch (method.name()) {
            case "forName" -> add(Kind.TYPE, ((StringReference) values.get(0)).value(), "", List.of());
            case "arrayType" -> add(Kind.TYPE, type + "[]", "", List.of());
            case "newInstance" -> add(Kind.TYPE, text(thread, values.get(0), "getTypeName") + "[]", "", List.of());
            case "getMethod", "getDeclaredMethod" ->
                add(Kind.METHOD, type, name(values), typeNames(thread, values.get(1)));
            case "getField", "getDeclaredField" -> add(Kind.FIELD, type, name(values), List.of());
            case "ofVoid" -> add(Kind.UPCALL, "void", "", layouts(thread, values.get(0)));
            case "of" -> add(Kind.DOWNCALL, layout(thread, values.get(0)), "", layouts(thread, values.get(1)));
            case "getMethods", "getDeclaredMethods", "getFields", "getDeclaredFields" ->
                add(Kind.TYPE, type, "", List.of());
            default -> throw new IllegalStateException("unknown lookup " + method);
        }
    }

    /** How far above the caller may be: what makes a function descriptor is itself called by reflection. */
    private static int depth(Method method) {
        return method.declaringType().name().equals("java.lang.foreign.FunctionDescriptor") ? 12 : 1;
    }

    private void add(Kind kind, String type, String name, List<String> parameterTypes) {
        lookups.add(new Lookup(kind, type, name, parameterTypes));
    }

    private static String name(List<Value> values) {
        return ((StringReference) values.get(0)).value();
    }

    private static List<String> layouts(ThreadReference thread, Value array) throws Exception {
        List<String> layouts = new ArrayList<>();
        for (Value value : ((ArrayReference) array).getValues()) {
            layouts.add(layout(thread, value));
        }
        return layouts;
    }

    /** {@return the builder's name of a layout}. Not of its text: making that looks something up, and would stop. */
    private static String layout(ThreadReference thread, Value value) throws Exception {
        Value type = call(thread, value, "carrier", "()Ljava/lang/Class;");
        return switch (text(thread, type, "getTypeName")) {
            case "long" -> "jlong";
            default -> throw new IllegalArgumentException("a layout that this test does not know yet: " + value);
        };
    }

    private static List<String> typeNames(ThreadReference thread, Value array) throws Exception {
        List<String> names = new ArrayList<>();
        for (Value value : ((ArrayReference) array).getValues()) {
            names.add(text(thread, value, "getTypeName"));
        }
        return names;
    }

    private static String text(ThreadReference thread, Value value, String name) throws Exception {
        return ((StringReference) call(thread, value, name, "()Ljava/lang/String;")).value();
    }

    /** Calls a method of the stopped program. It must not come to a breakpoint. */
    private static Value call(ThreadReference thread, Value value, String name, String signature) throws Exception {
        ObjectReference object = (ObjectReference) value;
        Method method = ((ClassType) object.referenceType()).concreteMethodByName(name, signature);
        return object.invokeMethod(thread, method, List.of(), ObjectReference.INVOKE_SINGLE_THREADED);
    }
}
