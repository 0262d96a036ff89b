// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.sweep.SweepReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a worker found in one shard. Immutable.
 *
 * @param sweep the name of the sweep
 * @param shard which shard, 0 to shards - 1
 * @param shards how many shards there are
 * @param worker who swept it: the client.id of the worker, or an empty text
 * @param elapsed how long that took
 * @param ended when it was swept, by the clock of the worker
 * @param answered the hosts that replied
 * @param errors the hosts of which only an ICMP error came
 * @param unsure the hosts that did not answer, while the worker may have lost the answer or the probe
 * @param silent how many hosts did not answer in time
 * @param refused how many addresses were not asked
 */
public record ShardResult(
        String sweep,
        int shard,
        int shards,
        String worker,
        Duration elapsed,
        Instant ended,
        List<InetAddress> answered,
        List<InetAddress> errors,
        List<InetAddress> unsure,
        long silent,
        long refused) {
    private static final byte VERSION = 2;

    /** Copies the lists. */
    public ShardResult {
        Objects.requireNonNull(sweep, "sweep");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(ended, "ended");
        answered = List.copyOf(answered);
        errors = List.copyOf(errors);
        unsure = List.copyOf(unsure);
    }

    /** {@return the addresses of the shard} */
    public long targets() {
        return (long) answered.size() + errors.size() + unsure.size() + silent + refused;
    }

    static ShardResult of(ShardTask task, String worker, SweepReport report, Found found) {
        ShardResult result = new ShardResult(
                task.sweep(),
                task.shard(),
                task.shards(),
                worker,
                report.elapsed(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                found.answered(),
                found.errors(),
                found.unsure(),
                report.silent(),
                report.refused());
        if (result.targets() != report.targets()) {
            throw new IllegalStateException(task + " has " + report.targets() + " addresses, but its result "
                    + result.targets() + ": " + report);
        }
        return result;
    }

    /** {@return the record of Kafka}, with what tells the sweep from others of its name. */
    byte[] octets(long fingerprint) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeByte(VERSION);
            out.writeLong(fingerprint);
            out.writeUTF(sweep);
            out.writeInt(shard);
            out.writeInt(shards);
            out.writeUTF(worker);
            out.writeLong(elapsed.toNanos());
            out.writeLong(ended.toEpochMilli());
            out.writeLong(silent);
            out.writeLong(refused);
            for (List<InetAddress> hosts : List.of(answered, errors, unsure)) {
                out.writeInt(hosts.size());
                for (InetAddress host : hosts) {
                    byte[] address = host.getAddress();
                    out.writeByte(address.length);
                    out.write(address);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
        return octets.toByteArray();
    }

    /** What a record says, and of which sweep it is. */
    record Read(long fingerprint, ShardResult result) {
        static Read of(byte[] octets) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
                if (in.readByte() != VERSION) {
                    throw new IllegalArgumentException("it is of another version");
                }
                long fingerprint = in.readLong();
                String sweep = in.readUTF();
                int shard = in.readInt();
                int shards = in.readInt();
                String worker = in.readUTF();
                Duration elapsed = Duration.ofNanos(in.readLong());
                Instant ended = Instant.ofEpochMilli(in.readLong());
                long silent = in.readLong();
                long refused = in.readLong();
                List<List<InetAddress>> hosts = new ArrayList<>();
                for (int list = 0; list < 3; list++) {
                    hosts.add(hosts(in));
                }
                if (in.read() >= 0 || shard < 0 || shard >= shards || silent < 0 || refused < 0) {
                    throw new IllegalArgumentException("it has numbers or octets that no result has");
                }
                return new Read(
                        fingerprint,
                        new ShardResult(
                                sweep,
                                shard,
                                shards,
                                worker,
                                elapsed,
                                ended,
                                hosts.get(0),
                                hosts.get(1),
                                hosts.get(2),
                                silent,
                                refused));
            } catch (IOException e) {
                throw new IllegalArgumentException("it is cut off, or has an address that is none", e);
            }
        }

        private static List<InetAddress> hosts(DataInputStream in) throws IOException {
            int count = in.readInt();
            if (count < 0 || count > SharedSweep.MOST_OF_A_SHARD) {
                throw new IllegalArgumentException("it has " + count + " hosts in a list");
            }
            List<InetAddress> hosts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] address = new byte[in.readUnsignedByte()];
                in.readFully(address);
                hosts.add(InetAddress.getByAddress(address));
            }
            return hosts;
        }
    }
}
