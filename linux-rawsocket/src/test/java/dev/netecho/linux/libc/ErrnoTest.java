// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrnoTest {
    private static final int BEYOND_THE_LAST = 140;

    @Test
    void describesANumberByNameNumberAndText() {
        assertThat(Errno.describe(13)).isEqualTo("EACCES (13): Permission denied");
        assertThat(Errno.describe(Errno.EREMOTEIO)).isEqualTo("EREMOTEIO (121): Remote I/O error");
        assertThat(Errno.name(Errno.ENOBUFS)).isEqualTo("ENOBUFS");
    }

    @Test
    void keepsANumberThatLinuxDoesNotUse() {
        assertThat(Errno.name(4711)).isEqualTo("errno 4711");
        assertThat(Errno.describe(-1)).isEqualTo("errno -1: unknown error");
        assertThat(Errno.describe(0)).isEqualTo("errno 0: unknown error");
    }

    @Test
    void namesEveryConstantAsItIsSpelled() throws ReflectiveOperationException {
        List<Field> constants = Stream.of(Errno.class.getFields())
                .filter(field -> field.getType() == int.class)
                .toList();

        assertThat(constants).hasSizeGreaterThan(40);
        for (Field constant : constants) {
            assertThat(Errno.name(constant.getInt(null))).isEqualTo(constant.getName());
        }
    }

    @Test
    void hasTheNumbersOfTheMeasuredKernel() {
        int[] numbers = {1, 4, 9, 11, 13, 22, 42, 64, 71, 90, 92, 95, 98, 99, 100, 101, 105, 111, 112, 113, 121};

        assertThat(Arrays.stream(numbers).mapToObj(Errno::name))
                .containsExactly(
                        "EPERM",
                        "EINTR",
                        "EBADF",
                        "EAGAIN",
                        "EACCES",
                        "EINVAL",
                        "ENOMSG",
                        "ENONET",
                        "EPROTO",
                        "EMSGSIZE",
                        "ENOPROTOOPT",
                        "EOPNOTSUPP",
                        "EADDRINUSE",
                        "EADDRNOTAVAIL",
                        "ENETDOWN",
                        "ENETUNREACH",
                        "ENOBUFS",
                        "ECONNREFUSED",
                        "EHOSTDOWN",
                        "EHOSTUNREACH",
                        "EREMOTEIO");
    }

    @Test
    void agreesWithTheHeadersOfThisMachine(@TempDir Path directory) throws Exception {
        // Prints the macros: strerrorname_np(3) is in glibc 2.32 and newer only.
        StringBuilder source = new StringBuilder("#include <errno.h>\n#include <stdio.h>\nint main(void) {\n");
        List<Integer> named = IntStream.range(1, BEYOND_THE_LAST)
                .filter(number -> Errno.name(number).startsWith("E"))
                .boxed()
                .toList();
        for (int number : named) {
            source.append("    printf(\"%d\\n\", ").append(Errno.name(number)).append(");\n");
        }
        source.append("    return 0;\n}\n");

        List<String> printed = CompilerOracle.run(directory, source.toString());

        assertThat(named).hasSizeGreaterThan(130);
        assertThat(printed.stream().map(Integer::valueOf)).containsExactlyElementsOf(named);
    }
}
