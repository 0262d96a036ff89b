// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in PEM (RFC 7468), as openssl writes them. Messages never quote a key. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-(?!----)[^-]*)*)-----END \\1-----");

    private final String name;
    private final String text;

    /**
     * Constructs a view of a text.
     *
     * @param name how messages name it
     * @param text what others wrote
     */
    Pem(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** {@return all certificates, in order; at least one} */
    List<X509Certificate> certificates() throws ConfigException {
        List<X509Certificate> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            if (!String.valueOf(block.group(1)).equals("CERTIFICATE")) {
                continue;
            }
            try {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(block))));
            } catch (CertificateException e) {
                throw wrong(block, "the certificate cannot be read; write it anew");
            }
        }
        if (found.isEmpty()) {
            throw new ConfigException(name + " has no certificate; it must have a part that begins with "
                    + "-----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    /** {@return the private key that belongs to a certificate} */
    PrivateKey key(X509Certificate certificate) throws ConfigException {
        PublicKey known = certificate.getPublicKey();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            String type = String.valueOf(block.group(1));
            if (!type.endsWith("PRIVATE KEY")) {
                continue; // such as the parameters of a curve
            }
            // Of a key with a passphrase either the type or a header field says so (RFC 1421).
            if (type.startsWith("ENCRYPTED") || String.valueOf(block.group(2)).contains("ENCRYPTED")) {
                throw wrong(block, "the key needs a passphrase; give one without, which nobody else can read");
            }
            byte[] der = bytes(block);
            try {
                PrivateKey key = KeyFactory.getInstance(known.getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(type.equals("PRIVATE KEY") ? der : pkcs8(der, known)));
                if (fits(key, known)) {
                    return key;
                }
            } catch (GeneralSecurityException | RuntimeException e) {
                // Of another kind than the certificate, or no key at all.
            }
            throw wrong(
                    block,
                    "the key is not that of the certificate, or cannot be read; give the two that belong"
                            + " together");
        }
        throw new ConfigException(
                name + " has no key; it must have a part that begins with " + "-----BEGIN PRIVATE KEY-----");
    }

    private byte[] bytes(Matcher block) throws ConfigException {
        try {
            return Base64.getDecoder().decode(String.valueOf(block.group(2)).replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw wrong(block, "it is not in Base64; write it anew");
        }
    }

    private ConfigException wrong(Matcher block, String why) {
        long line = 1
                + text.substring(0, block.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new ConfigException(name + " line " + line + ": " + why);
    }

    /** A key of the older forms, RSA (RFC 8017) and EC (RFC 5915), in the one form that Java reads (RFC 5208). */
    private static byte[] pkcs8(byte[] key, PublicKey known) {
        byte[] info = known.getEncoded(); // a sequence of the algorithm, and of the public key
        int algorithm = contentOf(info, 0);
        int length = contentOf(info, algorithm) - algorithm + lengthOf(info, algorithm);
        byte[] version = {2, 1, 0};
        return der(0x30, version, Arrays.copyOfRange(info, algorithm, algorithm + length), der(0x04, key, new byte[0]));
    }

    private static int contentOf(byte[] der, int at) {
        return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int lengthOf(byte[] der, int at) {
        if (der[at + 1] >= 0) {
            return der[at + 1];
        }
        int length = 0;
        for (int i = at + 2; i < contentOf(der, at); i++) {
            length = length << 8 | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else {
            all.write(0x82); // two bytes of length, which hold every key
            all.write(length >> 8);
            all.write(length);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    /** A server with the key of another certificate would start, and fail every handshake. */
    private static boolean fits(PrivateKey key, PublicKey known) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (known.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> known.getAlgorithm();
                });
        byte[] sample = new byte[32];
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(sample);
        return signature.verify(signed);
    }
}
