// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * How the server speaks TLS.
 *
 * @param context with its certificate and its key, and with the authorities that it trusts
 * @param asks whether it asks its peers for a certificate
 * @param needs whether it refuses peers without one
 * @param protocols as Java names them
 * @param ciphers as RFC 8446 and its like name them; empty for those that Jetty takes
 */
record WebTls(SSLContext context, boolean asks, boolean needs, List<String> protocols, List<String> ciphers) {
    private static final Set<String> KEYS = Set.of(
            "cert",
            "cert_file",
            "cipher_suites",
            "client_allowed_sans",
            "client_auth_type",
            "client_ca",
            "client_ca_file",
            "curve_preferences",
            "key",
            "key_file",
            "max_version",
            "min_version",
            "prefer_server_cipher_suites");

    private static final List<String> VERSIONS = List.of("TLS12", "TLS13");

    /**
     * {@return the TLS of a configuration; null if it has none}
     *
     * @param folder where relative names of files begin
     * @param files gets every file that is read
     */
    static @Nullable WebTls read(YamlValue given, Path folder, List<Path> files) throws ConfigException {
        Map<String, YamlValue> parts = given.map(KEYS);
        if (parts.isEmpty()) {
            return null;
        }
        for (String other : List.of("client_allowed_sans", "curve_preferences")) {
            YamlValue value = parts.get(other);
            if (value != null) {
                throw value.wrong("is not offered by this agent; leave it out");
            }
        }
        Pem certificate = pem(parts, "cert", folder, files);
        Pem key = pem(parts, "key", folder, files);
        if (certificate == null || key == null) {
            throw given.wrong("must have cert_file and key_file");
        }
        List<X509Certificate> chain = certificate.certificates();
        YamlValue auth = parts.get("client_auth_type");
        String type = auth == null ? "NoClientCert" : auth.text();
        boolean asks = true;
        boolean needs = false;
        boolean verifies = false;
        switch (type) {
            case "", "NoClientCert" -> asks = false;
            case "RequestClientCert" -> {}
            case "RequireAnyClientCert", "RequireClientCert" -> needs = true;
            case "VerifyClientCertIfGiven" -> verifies = true;
            case "RequireAndVerifyClientCert" -> {
                needs = true;
                verifies = true;
            }
            default ->
                throw auth == null
                        ? given.wrong("")
                        : auth.refused("NoClientCert, RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven"
                                + " or RequireAndVerifyClientCert");
        }
        Pem authorities = pem(parts, "client_ca", folder, files);
        if (authorities != null && !asks) {
            throw given.wrong(
                    "has a client_ca_file, but no client_auth_type that asks for a certificate; give one, such"
                            + " as RequireAndVerifyClientCert");
        }
        if (verifies && authorities == null) {
            // Go trusts every authority of the system then: whoever has any web server's certificate would be let in.
            throw given.wrong("has the client_auth_type " + type + ", but no client_ca_file to verify with");
        }
        SSLContext context;
        try {
            context = context(chain, key.key(chain.get(0)), verifies ? authorities : null);
        } catch (GeneralSecurityException | IOException e) {
            throw given.wrong("cannot be used: " + Words.quoted(String.valueOf(e.getMessage())));
        }
        return new WebTls(context, asks, needs, protocols(given, parts), ciphers(parts.get("cipher_suites"), context));
    }

    private static @Nullable Pem pem(Map<String, YamlValue> parts, String name, Path folder, List<Path> files)
            throws ConfigException {
        YamlValue text = parts.get(name);
        YamlValue file = parts.get(name + "_file");
        if (file == null) {
            return text == null ? null : new Pem(text.place(), text.text());
        }
        if (text != null) {
            throw file.wrong("is given besides " + name + "; leave one of them out");
        }
        Path path;
        try {
            path = folder.resolve(file.text());
        } catch (InvalidPathException e) {
            throw file.refused("a file");
        }
        files.add(path);
        try {
            return new Pem(Words.quoted(path), AgentConfig.content(path));
        } catch (ConfigException e) {
            throw file.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static SSLContext context(List<X509Certificate> chain, PrivateKey key, @Nullable Pem authorities)
            throws GeneralSecurityException, IOException, ConfigException {
        char[] password = {'x'}; // it never leaves the memory
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("agent", key, password, chain.toArray(new Certificate[0]));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password);
        TrustManager[] trusted = SslContextFactory.TRUST_ALL_CERTS;
        if (authorities != null) {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities.certificates()) {
                trust.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trust);
            trusted = factory.getTrustManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted, null);
        return context;
    }

    private static List<String> protocols(YamlValue given, Map<String, YamlValue> parts) throws ConfigException {
        int least = version(parts.get("min_version"), 0);
        int most = version(parts.get("max_version"), VERSIONS.size() - 1);
        if (least > most) {
            throw given.wrong("has a max_version below its min_version");
        }
        List<String> protocols = new ArrayList<>();
        for (String version : VERSIONS.subList(least, most + 1)) {
            protocols.add(version.replace("TLS1", "TLSv1."));
        }
        return protocols;
    }

    private static int version(@Nullable YamlValue given, int otherwise) throws ConfigException {
        if (given == null) {
            return otherwise;
        }
        int index = VERSIONS.indexOf(given.text());
        if (index < 0) {
            throw given.refused("TLS12 or TLS13, which is what Java offers");
        }
        return index;
    }

    private static List<String> ciphers(@Nullable YamlValue given, SSLContext context) throws ConfigException {
        if (given == null) {
            return List.of();
        }
        List<String> known = Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        List<String> ciphers = new ArrayList<>();
        for (YamlValue value : given.list()) {
            // Java knows this pair by the names of the IANA, which Go shortens.
            String name = value.text().endsWith("_CHACHA20_POLY1305") ? value.text() + "_SHA256" : value.text();
            if (!known.contains(name)) {
                throw value.refused("a cipher suite that this Java has, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
            }
            ciphers.add(name);
        }
        // As in Go, the list chooses among those of TLS 1.2; those of TLS 1.3 (RFC 8446, B.4) are always offered.
        known.stream().filter(name -> !name.contains("_WITH_")).forEach(ciphers::add);
        return ciphers;
    }

    /** Makes it count for connections from now on. */
    void applyTo(SslContextFactory.Server factory) {
        factory.setSslContext(context);
        factory.setWantClientAuth(asks && !needs);
        factory.setNeedClientAuth(needs);
        factory.setIncludeProtocols(protocols.toArray(new String[0]));
        factory.setIncludeCipherSuites(ciphers.toArray(new String[0]));
    }
}
