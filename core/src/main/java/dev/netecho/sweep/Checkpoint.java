// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A moment of a sweep, as a file: which sweep it is, how far it came, and what it found. From {@link #cursor} on, hosts
 * without a result are asked again.
 */
final class Checkpoint {
    private static final long MAGIC = 0x6e65746563686f53L; // "netechoS"
    private static final int VERSION = 3;
    private static final String PART = ".part";

    /** Which sweep it is: the targets, exclusions included, the order, and the shard. */
    final byte[] targets;

    final long seed;
    final int shard;
    final int shards;

    /** 1 for the first. */
    int pass = 1;

    /** Passes in which all silent hosts are asked again that are still to come. */
    int retries;

    /** Passes that asked again what was in doubt. */
    int doubtPasses;

    /** Whether this pass asks all silent hosts, not only those in doubt. */
    boolean asksSilent = true;

    /** Whether the system refused to send to a host in this pass. */
    boolean systemRefused;

    boolean complete;

    /** When the first run of the sweep began, by the wall clock. */
    Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    /** When it was written; null if it was not read from a file. */
    @Nullable
    Instant written;

    long cursor;
    long packets;
    Findings findings;

    Checkpoint(byte[] targets, long seed, int shard, int shards, int retries, Findings findings) {
        this.targets = targets;
        this.seed = seed;
        this.shard = shard;
        this.shards = shards;
        this.retries = retries;
        this.findings = findings;
    }

    /** {@return the same, which later changes of this one do not reach} */
    Checkpoint copy() {
        Findings now = new Findings(findings.size);
        for (int i = 0; i < findings.tables().length; i++) {
            System.arraycopy(findings.tables()[i], 0, now.tables()[i], 0, now.tables()[i].length);
        }
        now.twice = findings.twice.clone();
        now.doubt = (BitSet) findings.doubt.clone();
        now.doubtBefore = (BitSet) findings.doubtBefore.clone();
        Checkpoint copy = new Checkpoint(targets, seed, shard, shards, retries, now);
        copy.pass = pass;
        copy.doubtPasses = doubtPasses;
        copy.asksSilent = asksSilent;
        copy.systemRefused = systemRefused;
        copy.complete = complete;
        copy.began = began;
        copy.cursor = cursor;
        copy.packets = packets;
        return copy;
    }

    /** Writes the file, so that at any moment it is this one or the one before: rename(2) replaces it at once. */
    void write(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            CheckedOutputStream checked = new CheckedOutputStream(Channels.newOutputStream(channel), new CRC32C());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(checked, 1 << 16));
            put(out);
            out.flush();
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void put(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(targets.length);
        out.write(targets);
        out.writeLong(seed);
        out.writeInt(shard);
        out.writeInt(shards);
        out.writeLong(findings.size);
        out.writeInt(pass);
        out.writeInt(retries);
        out.writeInt(doubtPasses);
        out.writeBoolean(asksSilent);
        out.writeBoolean(systemRefused);
        out.writeBoolean(complete);
        out.writeLong(began.toEpochMilli());
        out.writeLong(System.currentTimeMillis());
        out.writeLong(cursor);
        out.writeLong(packets);
        for (long[] table : findings.tables()) {
            put(out, table);
        }
        put(out, findings.twice);
        put(out, findings.doubtBefore.toLongArray());
        put(out, findings.doubt.toLongArray());
    }

    private static void put(DataOutputStream out, long[] words) throws IOException {
        int used = words.length;
        while (used > 0 && words[used - 1] == 0) {
            used--;
        }
        out.writeInt(words.length);
        out.writeInt(used);
        for (int i = 0; i < used; i++) {
            out.writeLong(words[i]);
        }
    }

    /** {@return the checkpoint in a file; null if there is no such file} */
    static @Nullable Checkpoint read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        CheckedInputStream checked =
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32C());
        try (DataInputStream in = new DataInputStream(checked)) {
            if (in.readLong() != MAGIC || in.readInt() != VERSION) {
                throw unusable(file, "is no checkpoint of a sweep of this version");
            }
            Checkpoint checkpoint = get(in, Files.size(file));
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum || in.read() >= 0) {
                throw unusable(file, "is damaged: its checksum is wrong");
            }
            checkpoint.findings.beginRun();
            return checkpoint;
        } catch (EOFException | IllegalArgumentException e) {
            throw unusable(file, "is damaged: it ends too early, or holds what no checkpoint holds");
        }
    }

    private static Checkpoint get(DataInputStream in, long fileSize) throws IOException {
        byte[] targets = in.readNBytes(length(in.readInt(), fileSize));
        long seed = in.readLong();
        int shard = in.readInt();
        int shards = in.readInt();
        long size = in.readLong();
        if (size < 1 || size > Sweep.MOST_OF_A_SHARD) {
            throw new IllegalArgumentException("size " + size);
        }
        int pass = in.readInt();
        int retries = in.readInt();
        Checkpoint checkpoint = new Checkpoint(targets, seed, shard, shards, retries, new Findings(size));
        checkpoint.pass = pass;
        checkpoint.doubtPasses = in.readInt();
        checkpoint.asksSilent = in.readBoolean();
        checkpoint.systemRefused = in.readBoolean();
        checkpoint.complete = in.readBoolean();
        checkpoint.began = Instant.ofEpochMilli(in.readLong());
        checkpoint.written = Instant.ofEpochMilli(in.readLong());
        checkpoint.cursor = in.readLong();
        checkpoint.packets = in.readLong();
        Findings findings = checkpoint.findings;
        if (checkpoint.cursor < 0 || checkpoint.cursor > size) {
            throw new IllegalArgumentException("cursor " + checkpoint.cursor);
        }
        for (long[] table : findings.tables()) {
            if (in.readInt() != table.length) {
                throw new IllegalArgumentException("a table of another size");
            }
            fill(in, table);
        }
        int twice = in.readInt();
        if (twice != 0 && twice != findings.answered.length) {
            throw new IllegalArgumentException("a table of another size");
        }
        findings.twice = new long[twice];
        fill(in, findings.twice);
        findings.doubtBefore = slices(in, findings);
        findings.doubt = slices(in, findings);
        return checkpoint;
    }

    private static BitSet slices(DataInputStream in, Findings findings) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > findings.slices() / Long.SIZE + 1) {
            throw new IllegalArgumentException("a table of another size");
        }
        long[] words = new long[length];
        fill(in, words);
        return BitSet.valueOf(words);
    }

    private static void fill(DataInputStream in, long[] words) throws IOException {
        int used = length(in.readInt(), words.length);
        for (int i = 0; i < used; i++) {
            words[i] = in.readLong();
        }
    }

    private static int length(int length, long most) {
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("length " + length);
        }
        return length;
    }

    /** Fails unless the file is of this sweep. */
    void check(Path file, byte[] wantedTargets, @Nullable Long wantedSeed, int wantedShard, int wantedShards)
            throws IOException {
        if (!Arrays.equals(targets, wantedTargets)) {
            throw unusable(file, "is of a sweep with other targets or exclusions");
        }
        if (shard != wantedShard || shards != wantedShards) {
            throw unusable(
                    file, "is of shard " + shard + " of " + shards + ", not " + wantedShard + " of " + wantedShards);
        }
        if (wantedSeed != null && seed != wantedSeed) {
            throw unusable(file, "is of a sweep with the seed " + seed + ", not " + wantedSeed);
        }
    }

    private static IOException unusable(Path file, String why) {
        return new IOException(
                "the checkpoint " + file + " " + why + "; give another file, or delete it to begin anew");
    }
}
