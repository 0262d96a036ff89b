// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;

/** What {@link Covers} does: records how every invocation ended. */
public final class CoversExtension implements TestWatcher, BeforeEachCallback, InvocationInterceptor, AfterAllCallback {
    /** By unique id: JUnit hands the arguments to the interceptor and the result, later, to the watcher. */
    private final Map<String, Set<String>> backends = new ConcurrentHashMap<>();

    private final Set<Method> recorded = ConcurrentHashMap.newKeySet();

    /** Constructs the extension; JUnit does so. */
    public CoversExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getTestInstance().ifPresent(instance -> remember(context, fieldsOf(instance)));
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        remember(context, called.getArguments());
        invocation.proceed();
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext context)
            throws Throwable {
        remember(context, called.getArguments());
        invocation.proceed();
    }

    private void remember(ExtensionContext context, Collection<?> values) {
        for (Object value : values) {
            if (value instanceof TestedBackend tested) {
                backends.computeIfAbsent(context.getUniqueId(), id -> ConcurrentHashMap.newKeySet())
                        .add(tested.backend());
            }
        }
    }

    private static List<Object> fieldsOf(Object instance) {
        List<Object> values = new ArrayList<>();
        List<Field> fields = ReflectionSupport.findFields(
                instance.getClass(),
                field -> !Modifier.isStatic(field.getModifiers())
                        && TestedBackend.class.isAssignableFrom(field.getType()),
                HierarchyTraversalMode.TOP_DOWN);
        for (Field field : fields) {
            ReflectionSupport.tryToReadFieldValue(field, instance).toOptional().ifPresent(values::add);
        }
        return values;
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        record(context, Result.PASSED, "");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        record(context, Result.FAILED, message(cause));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        record(context, Result.SKIPPED, message(cause));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        record(context, Result.SKIPPED, reason.orElse("disabled"));
    }

    private void record(ExtensionContext context, Result result, String reason) {
        Method method = context.getRequiredTestMethod();
        recorded.add(method);
        Set<String> seen = backends.remove(context.getUniqueId());
        record(context.getRequiredTestClass(), method, seen == null ? Set.of() : seen, result, reason);
    }

    /** Where the class ended before its tests, nobody else is told of them. */
    @Override
    public void afterAll(ExtensionContext context) {
        Throwable thrown = context.getExecutionException().orElse(null);
        if (thrown == null) {
            return;
        }
        Class<?> type = context.getRequiredTestClass();
        Result result = thrown instanceof TestAbortedException ? Result.SKIPPED : Result.FAILED;
        for (Method method :
                AnnotationSupport.findAnnotatedMethods(type, Testable.class, HierarchyTraversalMode.TOP_DOWN)) {
            if (!recorded.contains(method)) {
                record(type, method, Set.of(), result, message(thrown));
            }
        }
    }

    private static void record(Class<?> type, Method method, Set<String> seen, Result result, String reason) {
        List<Covers> covers = Stream.<AnnotatedElement>of(type, method)
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Covers.class).stream())
                .toList();
        Set<String> cases = union(covers, Covers::cases);
        Set<String> rules = union(covers, Covers::rules);
        if (cases.isEmpty() && rules.isEmpty()) {
            return;
        }
        String test = type.getSimpleName() + "." + method.getName();
        for (String backend : seen.isEmpty() ? declaredBackends(covers) : seen) {
            for (String rule : rules.isEmpty() ? Set.of("") : rules) {
                ResultLog.record(backend, rule, cases, test, result, reason);
            }
        }
    }

    private static Set<String> declaredBackends(List<Covers> covers) {
        Set<String> last = Set.of(Backend.CORE.id());
        for (Covers each : covers) {
            if (each.backends().length > 0) {
                last = new LinkedHashSet<>(Arrays.asList(each.backends()));
            }
        }
        return last;
    }

    private static Set<String> union(List<Covers> covers, Function<Covers, String[]> part) {
        Set<String> all = new LinkedHashSet<>();
        covers.forEach(each -> all.addAll(Arrays.asList(part.apply(each))));
        return all;
    }

    private static String message(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "no reason given";
        }
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getName() : message;
    }
}
