// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When shards are issued, and when a sweep is over. Times are given in nanoseconds. */
final class ShardBoardTest {
    private final SharedSweep sweep = SharedSweep.newBuilder("office")
            .add("10.0.0.0/29")
            .shards(4)
            .rate(25)
            .shardRate(10)
            .patience(Duration.ofMillis(1))
            .build();
    private final ShardBoard board = new ShardBoard(sweep);

    private boolean result(int shard, int silent, long now) {
        ShardResult result = new ShardResult(
                "office", shard, 4, "", Duration.ZERO, Instant.EPOCH, List.of(), List.of(), List.of(), silent, 0);
        return board.result(new ShardResult.Read(sweep.task(0).fingerprint(), result), now);
    }

    private void issue(int shard, long now) {
        assertThat(board.next()).isEqualTo(shard);
        board.issued(shard, now);
    }

    @Test
    void onlySoManyShardsAreOutAsTheRateAllows() {
        issue(0, 0);
        issue(1, 0);
        assertThat(board.next()).isEqualTo(-1);
        result(1, 2, 0);
        issue(2, 0);
        assertThat(board.next()).isEqualTo(-1);
    }

    /** A sweep of that name ended on another day: its results are no news. */
    @Test
    void tellsApartWhatWasThereBeforeItBegan() {
        result(0, 2, 0);
        result(1, 2, 0);
        board.begin(0);
        issue(2, 0);
        result(2, 2, 0);
        // A second result of this run replaces the earlier one.
        result(1, 2, 0);
        assertThat(board.report().earlier()).isEqualTo(1);
    }

    @Test
    void aShardWithAResultIsNotIssuedAndASecondResultReplacesTheFirst() {
        result(0, 2, 0);
        issue(1, 0);
        result(1, 2, 0);
        result(1, 2, 0);
        issue(2, 0);
        issue(3, 0);
        assertThat(board.isOver(0)).isFalse();
        result(2, 2, 0);
        result(3, 2, 0);
        assertThat(board.isOver(0)).isTrue();
        assertThat(board.report().complete()).isTrue();
        assertThat(board.report().silent()).isEqualTo(8);
    }

    @Test
    void aShardThatTakesTooLongMakesRoomAndIsMissing() {
        board.begin(0);
        issue(0, 0);
        issue(1, 0);
        result(1, 2, 500_000);
        assertThat(board.isOver(1_000_000)).isFalse();
        issue(2, 1_000_000);
        issue(3, 1_000_000);
        result(2, 2, 1_100_000);
        result(3, 2, 1_100_000);
        assertThat(board.isOver(1_200_000)).isTrue();
        assertThat(board.report().missing()).containsExactly(0);
        assertThat(board.report().notSwept()).isEqualTo(2);
        result(0, 2, 1_300_000);
        assertThat(board.report().complete()).isTrue();
    }

    @Test
    void withoutNewsItEnds() {
        board.begin(0);
        issue(0, 900_000);
        assertThat(board.isOver(999_999)).isFalse();
        assertThat(board.isOver(1_000_000)).isTrue();
        assertThat(board.report().missing()).hasSize(4);
    }

    @Test
    void aResultOfAnotherSweepOfThatNameIsRefused() {
        ShardResult result = new ShardResult(
                "office", 0, 4, "", Duration.ZERO, Instant.EPOCH, List.of(), List.of(), List.of(), 2, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> board.result(new ShardResult.Read(7, result), 0))
                .withMessageContaining("give this one another name");
        ShardResult other =
                new ShardResult("home", 0, 4, "", Duration.ZERO, Instant.EPOCH, List.of(), List.of(), List.of(), 2, 0);
        assertThat(board.result(new ShardResult.Read(7, other), 0)).isFalse();
    }

    @Test
    void aWorkerMayNotBeFasterThanAllTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedSweep.newBuilder("office")
                        .add("10.0.0.0/24")
                        .rate(10)
                        .shardRate(11)
                        .build())
                .withMessageContaining("give a shardRate of at most the rate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedSweep.newBuilder("office")
                        .add("10.0.0.0/8")
                        .shards(2)
                        .build())
                .withMessageContaining("give 256 to 1048576");
    }
}
