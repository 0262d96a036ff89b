// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests in agent/deploy: their configuration is read, and what they ask of the agent it answers. */
@Timeout(60)
class ManifestsTest {
    @TempDir
    Path folder;

    private static List<Object> documents(String file) throws IOException {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().setLabel(file).build())
                .loadAllFromString(Files.readString(Path.of("deploy", file)))
                .forEach(documents::add);
        return documents;
    }

    /** {@return the one document of a kind} */
    private static Object kind(String file, String kind) throws IOException {
        return documents(file).stream()
                .filter(document -> at(document, "kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** {@return what is at a path of keys, and of indexes of lists} */
    private static Object at(Object from, Object... path) {
        Object value = from;
        for (Object key : path) {
            value = key instanceof Integer index ? ((List<?>) value).get(index) : ((Map<?, ?>) value).get(key);
            assertThat(value).as("%s of %s", key, List.of(path)).isNotNull();
        }
        return value;
    }

    private static String configuration() throws IOException {
        return at(kind("statefulset.yaml", "ConfigMap"), "data", "agent.yml").toString();
    }

    @Test
    void eachPodOfTheStatefulSetHasItsShard() throws Exception {
        Object set = kind("statefulset.yaml", "StatefulSet");
        int replicas = (Integer) at(set, "spec", "replicas");
        String yaml = configuration();
        Map<String, YamlValue> parts = YamlValue.parse("agent.yml", yaml).map();
        Object variable = at(set, "spec", "template", "spec", "containers", 0, "env", 0);
        assertThat(at(variable, "valueFrom", "fieldRef", "fieldPath")).isEqualTo("metadata.name");
        for (int pod = 0; pod < replicas; pod++) {
            Map<String, String> environment =
                    Map.of(at(variable, "name").toString(), at(set, "metadata", "name") + "-" + pod);
            assertThat(Shard.read(parts.get("shard"), environment)).isEqualTo(new Shard(pod, replicas));
            assertThat(Shard.read(parts.get("shard"), Map.of("JOB_COMPLETION_INDEX", Integer.toString(pod))))
                    .isEqualTo(new Shard(pod, replicas));
        }
        assertThat(at(kind("job.yaml", "Job"), "spec", "completions")).isEqualTo(replicas);
        assertThat(at(kind("job.yaml", "Job"), "spec", "completionMode")).isEqualTo("Indexed");
        Object labels = at(set, "spec", "template", "metadata", "labels");
        assertThat(labels).isEqualTo(at(set, "spec", "selector", "matchLabels"));
        assertThat(labels).isEqualTo(at(kind("statefulset.yaml", "Service"), "spec", "selector"));
        assertThat(labels).isEqualTo(at(kind("operator.yaml", "PodMonitor"), "spec", "selector", "matchLabels"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"statefulset.yaml StatefulSet", "job.yaml Job"})
    void podsNeedNoPrivilegeButPingSockets(String manifest) throws Exception {
        String[] words = manifest.split(" ", -1);
        Object pod = at(kind(words[0], words[1]), "spec", "template", "spec");
        assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(at(pod, "securityContext", "sysctls", 0, "name")).isEqualTo("net.ipv4.ping_group_range");
        Object container = at(pod, "containers", 0);
        assertThat(at(container, "securityContext", "capabilities", "drop", 0)).isEqualTo("ALL");
        assertThat(at(container, "args")).isEqualTo(List.of("agent", "--config", "/etc/netecho/agent.yml"));
        assertThat(at(container, "volumeMounts", 0, "mountPath")).isEqualTo("/etc/netecho");
        assertThat(at(pod, "volumes", 0, "configMap", "name"))
                .isEqualTo(at(kind("statefulset.yaml", "ConfigMap"), "metadata", "name"));
    }

    @Test
    void whatTheManifestsAskIsAnswered() throws Exception {
        String yaml = configuration();
        assertThat(yaml).contains("{index: auto, of: 3}", "listen: \":9785\"");
        Files.writeString(
                folder.resolve("targets.yml"),
                at(kind("statefulset.yaml", "ConfigMap"), "data", "targets.yml").toString());
        FakeRequester requester = new FakeRequester();
        Object container = at(kind("statefulset.yaml", "StatefulSet"), "spec", "template", "spec", "containers", 0);
        assertThat(at(container, "ports", 0, "containerPort")).isEqualTo(9785);
        try (RunningAgent running = new RunningAgent(
                requester,
                folder,
                yaml.replace("{index: auto, of: 3}", "{index: 0, of: 1}").replace(":9785", "127.0.0.1:0"))) {
            running.await("/-/ready", text -> text.contains("is ready"));
            for (String probe : new String[] {"livenessProbe", "readinessProbe"}) {
                String path = at(container, probe, "httpGet", "path").toString();
                assertThat(running.get(path).statusCode()).as(path).isEqualTo(200);
            }
            String metrics = at(kind("operator.yaml", "PodMonitor"), "spec", "podMetricsEndpoints", 0, "path")
                    .toString();
            assertThat(running.get(metrics).body()).contains("site=\"berlin\"");
            Object probe = at(kind("operator.yaml", "Probe"), "spec");
            assertThat(at(probe, "prober", "url"))
                    .isEqualTo(at(kind("statefulset.yaml", "Service"), "metadata", "name") + ":9785");
            for (Object target : (List<?>) at(probe, "targets", "staticConfig", "static")) {
                String path = at(probe, "prober", "path") + "?module=" + at(probe, "module") + "&target=" + target;
                assertThat(running.get(path).body()).contains("\nprobe_success 1.0\n");
                // Others reach these agents, so they ask only whom they may.
                AllowList allowed = AllowList.read(YamlValue.parse("agent.yml", yaml)
                        .map()
                        .get("probe")
                        .map()
                        .get("allow"));
                assertThat(allowed.allows(InetAddress.getByName(target.toString())))
                        .isTrue();
            }
        } finally {
            requester.close();
        }
    }
}
