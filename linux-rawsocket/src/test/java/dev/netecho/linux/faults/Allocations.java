// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import java.util.concurrent.atomic.AtomicLong;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Every step of interposed code that may need memory: it makes an object or an array, calls what the JVM links when it
 * is first called, or makes a system call. The n-th can be made to find none.
 */
public final class Allocations {
    private static final AtomicLong TAKEN = new AtomicLong();
    private static volatile long first = Long.MAX_VALUE;
    private static volatile long last;
    private static volatile @Nullable OutOfMemoryError injected;

    private Allocations() {}

    /** Lets the steps number {@code from} to {@code from + count - 1} fail, counted from now. */
    static void arm(long from, long count) {
        TAKEN.set(0);
        injected = null;
        last = from + count - 1;
        first = from;
    }

    static void disarm() {
        first = Long.MAX_VALUE;
    }

    /** {@return how many steps were taken since it was armed} */
    static long taken() {
        return TAKEN.get();
    }

    /** {@return the last error that a step has thrown since it was armed; its stack trace names the step} */
    static @Nullable OutOfMemoryError injected() {
        return injected;
    }

    public static void step() {
        if (first != Long.MAX_VALUE) {
            long number = TAKEN.incrementAndGet();
            if (number >= first && number <= last) {
                OutOfMemoryError error = new OutOfMemoryError("injected");
                injected = error;
                throw error;
            }
        }
    }

    /** {@return a class file that takes a {@link #step} before each of its own} */
    static byte[] counted(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor plain = super.visitMethod(access, name, descriptor, signature, exceptions);
                        // An initializer that fails makes its class unusable for good, here as in real life.
                        return "<clinit>".equals(name) ? plain : new Steps(plain);
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class Steps extends MethodVisitor {
        Steps(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        private void step() {
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, Allocations.class.getName().replace('.', '/'), "step", "()V", false);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
                step(); // after it: a stack map names the offset of NEW
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                step();
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String descriptor, net.bytebuddy.jar.asm.Handle bootstrap, Object... arguments) {
            step();
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }
    }
}
