// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

/** The configuration in force, and whether the agent ends. Thread-safe. */
final class InForce {
    private final boolean local;
    private volatile AgentConfig config;
    private volatile boolean ending;
    private volatile boolean lastGood = true;
    private volatile long sinceMillis = System.currentTimeMillis();

    InForce(AgentConfig config) {
        this.config = config;
        this.local = config.listen().getAddress().isLoopbackAddress();
    }

    AgentConfig config() {
        return config;
    }

    /** Says what is in force from now on. Where the agent listens stays as it was. */
    void config(AgentConfig next) {
        config = next;
        sinceMillis = System.currentTimeMillis();
        lastGood = true;
    }

    /** Says that a reload was refused. */
    void refused() {
        lastGood = false;
    }

    /** {@return whether the last reload succeeded} */
    boolean isLastGood() {
        return lastGood;
    }

    /** {@return since when the configuration is in force, in milliseconds since 1970} */
    long sinceMillis() {
        return sinceMillis;
    }

    /** {@return whom {@code /probe} may ask: without a list, everybody if only this host can reach the agent} */
    AllowList allowed() {
        AllowList listed = config.allow();
        return listed != null ? listed : local ? AllowList.EVERYTHING : AllowList.NOTHING;
    }

    boolean isEnding() {
        return ending;
    }

    void end() {
        ending = true;
    }
}
