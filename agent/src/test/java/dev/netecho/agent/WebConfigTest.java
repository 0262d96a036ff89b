// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** TLS, users and header fields of {@code --web.config.file}, with real handshakes. */
@Timeout(60)
class WebConfigTest {
    private static final String TLS = "tls_server_config: {cert_file: web.crt, key_file: web.key";
    private static final FakeRequester REQUESTER = new FakeRequester();

    @TempDir
    static Path identities;

    private static Identity rsa;
    private static Identity ec;

    @TempDir
    Path folder;

    private Path web;

    @BeforeAll
    static void makeIdentities() {
        rsa = Identity.make(identities, "rsa", "RSA", "-keysize", "2048");
        ec = Identity.make(identities, "ec", "EC", "-groupname", "secp256r1");
    }

    @AfterAll
    static void end() {
        REQUESTER.close();
    }

    @BeforeEach
    void writeIdentity() throws IOException {
        web = folder.resolve("web.yml");
        rsa.write(folder.resolve("web.crt"), folder.resolve("web.key"));
        Files.writeString(folder.resolve("client.crt"), ec.certificatePem());
    }

    private RunningAgent start(String yaml) throws ConfigException, IOException {
        Files.writeString(web, yaml);
        return new RunningAgent(REQUESTER, folder, "targets: [192.0.2.1]", web, null);
    }

    /** {@return the certificate that the agent shows} */
    private static Certificate shown(RunningAgent running, Identity expected) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                Identity.client(expected, null).getSocketFactory().createSocket("127.0.0.1", running.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static HttpResponse<String> get(SSLContext tls, RunningAgent running, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + running.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String login(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(String password) {
        return BCrypt.hashpw(password, BCrypt.gensalt("$2y", 4));
    }

    @Test
    void aNewCertificateCountsAtOnceAndABadOneNever() throws Exception {
        try (RunningAgent running = start(TLS + "}")) {
            assertThat(running.agent.isSecure()).isTrue();
            assertThat(shown(running, rsa)).isEqualTo(rsa.certificate);
            SSLContext client = Identity.client(rsa, null);
            assertThat(get(client, running, "/-/healthy").statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> running.get("/-/healthy")).hasRootCauseInstanceOf(IOException.class);

            Files.writeString(folder.resolve("web.crt"), ec.certificatePem());
            assertThatThrownBy(running.agent::reload)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("web.key\" line 1: the key is not that of the certificate");
            assertThat(shown(running, rsa)).isEqualTo(rsa.certificate);
            Files.writeString(folder.resolve("web.key"), ec.keyPem());
            running.agent.reload();
            assertThat(shown(running, ec)).isEqualTo(ec.certificate);

            // By itself, too.
            rsa.write(folder.resolve("web.crt"), folder.resolve("web.key"));
            Certificate now = ec.certificate;
            while (now.equals(ec.certificate)) {
                try {
                    now = shown(running, rsa);
                } catch (SSLHandshakeException e) {
                    Thread.onSpinWait(); // it still shows the other one
                }
            }
            assertThat(now).isEqualTo(rsa.certificate);
            Files.writeString(web, "basic_auth_users: {}");
            assertThatThrownBy(running.agent::reload)
                    .hasMessageEndingWith("tls_server_config has gone, which counts from the next start on");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysOfTheOldFormsAreRead(boolean elliptic) throws Exception {
        Identity identity = elliptic ? ec : rsa;
        Files.writeString(folder.resolve("web.crt"), identity.certificatePem());
        Files.writeString(
                folder.resolve("web.key"),
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                        + identity.oldKeyPem());
        try (RunningAgent running = start(TLS + "}")) {
            assertThat(shown(running, identity)).isEqualTo(identity.certificate);
        }
    }

    @Test
    void peersShowTheirCertificate() throws Exception {
        try (RunningAgent running =
                start(TLS + ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: client.crt}")) {
            assertThat(get(Identity.client(rsa, ec), running, "/-/healthy").statusCode())
                    .isEqualTo(200);
            SSLContext nobody = Identity.client(rsa, null);
            assertThatThrownBy(() -> get(nobody, running, "/-/healthy")).isInstanceOf(IOException.class);
            SSLContext other = Identity.client(rsa, rsa);
            assertThatThrownBy(() -> get(other, running, "/-/healthy")).isInstanceOf(IOException.class);

            Files.writeString(web, TLS + ", client_auth_type: VerifyClientCertIfGiven, client_ca_file: client.crt}");
            running.agent.reload();
            assertThat(get(Identity.client(rsa, null), running, "/-/healthy").statusCode())
                    .isEqualTo(200);
            Files.writeString(web, TLS + ", client_auth_type: RequireAnyClientCert}");
            running.agent.reload();
            assertThat(get(Identity.client(rsa, rsa), running, "/-/healthy").statusCode())
                    .isEqualTo(200);
            SSLContext still = Identity.client(rsa, null);
            assertThatThrownBy(() -> get(still, running, "/-/healthy")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void versionsAndCiphersAreThoseOfTheFile() throws Exception {
        try (RunningAgent running = start(TLS + ", min_version: TLS13}")) {
            assertThatThrownBy(() -> agreed(running, "TLSv1.2")).isInstanceOf(IOException.class);
            assertThat(agreed(running, "TLSv1.3")).startsWith("TLS_");
            String cipher = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
            Files.writeString(web, TLS + ", max_version: TLS13, cipher_suites: [" + cipher + "]}");
            running.agent.reload();
            assertThat(agreed(running, "TLSv1.2")).isEqualTo(cipher);
            assertThat(agreed(running, "TLSv1.3")).doesNotContain("_WITH_");
        }
    }

    /** {@return the cipher suite that a client of one version gets} */
    private static String agreed(RunningAgent running, String version) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) Identity.client(rsa, null).getSocketFactory().createSocket("127.0.0.1", running.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @Test
    void onlyUsersWithTheirPasswordAreLetIn() throws Exception {
        String users = "basic_auth_users:\n  prom: " + hash("right") + "\n  'jörg': " + hash("schön") + "\n";
        try (RunningAgent running =
                start(users + "http_server_config: {http2: true, headers: {X-Frame-Options: deny}}")) {
            assertThat(running.agent.isSecure()).isFalse();
            HttpResponse<String> nobody = running.get("/metrics");
            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(nobody.headers().firstValue("www-authenticate"))
                    .hasValueSatisfying(value -> assertThat(value).startsWith("Basic realm="));
            assertThat(nobody.headers().firstValue("x-frame-options")).contains("deny");
            for (int i = 0; i < 2; i++) { // the second answer is known already
                assertThat(running.get("/metrics", "Authorization", login("prom", "right"))
                                .body())
                        .contains("netecho_agent_targets 1.0");
                assertThat(running.get("/-/healthy", "Authorization", login("jörg", "schön"))
                                .statusCode())
                        .isEqualTo(200);
                for (String login : new String[] {
                    login("prom", "wrong"),
                    login("prom", ""),
                    login("nobody", "right"),
                    login("nobody", "fakepassword"),
                    login("jörg", "right"),
                    "Basic",
                    "Basic %%%",
                    "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, ':', 'x'}),
                    "Bearer x",
                }) {
                    assertThat(running.get("/metrics", "Authorization", login).statusCode())
                            .as(login)
                            .isEqualTo(401);
                }
            }
            Files.writeString(web, "basic_auth_users: {prom: " + hash("other") + "}");
            running.agent.reload();
            assertThat(running.get("/-/healthy", "Authorization", login("prom", "right"))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(running.get("/-/healthy", "Authorization", login("prom", "other"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'a: 1'                                        | line 1: a is no known key here; known are basic_auth_users
            'rate_limit: {burst: 1}'                      | line 1: rate_limit is not offered by this agent; leave it out
            '\nbasic_auth_users: {me: secret}'            | line 2: me has no hash of bcrypt with a cost of 4 to 16
            'basic_auth_users: {me: $2y$31$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}' | line 1: me has no hash
            'http_server_config: {headers: {X-Other: a}}' | line 1: X-Other is no known key here
            'http_server_config: {headers: {X-Frame-Options: no}}' | line 1: X-Frame-Options is "no"; it must be deny or
            'tls_server_config: {cert_file: web.crt}'     | line 1: tls_server_config must have cert_file and key_file
            'tls_server_config: {cert_file: a, key_file: web.key}' | a" cannot be read: no such file
            'tls_server_config: {cert_file: web.key, key_file: web.key}' | web.key" has no certificate
            'tls_server_config: {cert_file: web.crt, key_file: web.crt}' | web.crt" has no key
            'tls_server_config: {cert_file: client.crt, key_file: web.key}' | web.key" line 1: the key is not that of the
            'TLS, min_version: TLS10}'                    | line 1: min_version is "TLS10"; it must be TLS12 or TLS13
            'TLS, min_version: TLS13, max_version: TLS12}' | has a max_version below its min_version
            'TLS, client_auth_type: Maybe}'               | line 1: client_auth_type is "Maybe"; it must be NoClientCert
            'TLS, client_auth_type: RequireAndVerifyClientCert}' | but no client_ca_file to verify with
            'TLS, client_ca_file: client.crt}'            | but no client_auth_type that asks for a certificate
            'TLS, client_allowed_sans: [a]}'              | line 1: client_allowed_sans is not offered by this agent
            'TLS, cipher_suites: [TLS_NONE]}'             | line 1: cipher_suites is "TLS_NONE"; it must be a cipher suite
            'TLS, cert: x}'                               | line 1: cert_file is given besides cert; leave one of them out
            """)
    void aMistakeIsRefusedWithLineAndReason(String yaml, String message) throws IOException {
        Files.writeString(web, yaml.replace("\\n", "\n").replace("TLS,", TLS + ','));
        assertThatThrownBy(() -> WebConfig.read(web))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aKeyWithAPassphraseIsNotForAService() throws IOException {
        Files.writeString(web, TLS + "}");
        Files.writeString(folder.resolve("web.key"), """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00

                AAAA
                -----END RSA PRIVATE KEY-----
                """);
        assertThatThrownBy(() -> WebConfig.read(web)).hasMessageContaining("line 1: the key needs a passphrase");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9785, 200",
        "[::1]:9785, 200",
        "[::1], 200",
        "LocalHost:1, 200",
        "localhost., 200",
        "agent.example.net, 200",
        "192.0.2.7, 200",
        "evil.example.net:9785, 421",
        "localhost.example.net, 421",
        "127.0.0.1.example.net, 421",
    })
    void aNameFromElsewhereIsNotAnswered(String host, int status) throws Exception {
        try (RunningAgent running =
                new RunningAgent(REQUESTER, folder, "targets: [192.0.2.1]", null, "https://agent.example.net:443/")) {
            assertThat(HostilePeersTest.asked(
                            running.port(), "GET /targets HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains(status == 200 ? "192.0.2.1" : "is no name of this agent: ask it by its address, or");
        }
    }

    @Test
    void theNameOfThisHostIsItsOwn() throws Exception {
        String own = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        OwnNames local = OwnNames.of(InetAddress.getLoopbackAddress(), null);
        assertThat(local.has(own + ":9785")).isTrue();
        assertThat(local.has("evil.example.net")).isFalse();
        // Others reach it under names that it cannot know.
        assertThat(OwnNames.of(InetAddress.getByName("0.0.0.0"), null).has("evil.example.net"))
                .isTrue();
        assertThatThrownBy(() -> OwnNames.of(InetAddress.getLoopbackAddress(), "agent"))
                .hasMessageStartingWith("--web.external-url is \"agent\"; it must be a URL without a path");
    }
}
