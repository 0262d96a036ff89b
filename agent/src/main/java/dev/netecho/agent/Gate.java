// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Lets in who may ask, and gives every answer the header fields that the operator wants. */
final class Gate extends Handler.Wrapper {
    private static final String SCHEME = "basic ";

    private final Supplier<WebConfig> config;
    private final OwnNames names;
    private final Passwords passwords;

    Gate(Supplier<WebConfig> config, OwnNames names, Passwords passwords, Handler within) {
        super(within);
        this.config = config;
        this.names = names;
        this.passwords = passwords;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        WebConfig now = config.get();
        for (Map.Entry<String, String> field : now.headers().entrySet()) {
            response.getHeaders().put(field.getKey(), field.getValue());
        }
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (!names.has(host)) {
            String text = "The host " + Words.quoted(String.valueOf(host)) + " is no name of this agent: ask it by its"
                    + " address, or start it with --web.external-url and the URL that people use";
            new Answer(request, response, callback).text(421, text);
            return true;
        }
        if (now.users().isEmpty()) {
            return super.handle(request, response, callback);
        }
        Login login = Login.of(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        if (login == null) {
            refuse(request, response, callback);
            return true;
        }
        Thread asked = Thread.currentThread();
        boolean checked = passwords.check(now, login.user, login.password, fits -> {
            if (!fits) {
                refuse(request, response, callback);
            } else if (asked.equals(Thread.currentThread())) {
                within(request, response, callback);
            } else {
                // What answers may take its time, and others wait for their passwords to be compared.
                request.getComponents().getExecutor().execute(() -> within(request, response, callback));
            }
        });
        if (!checked) {
            Answer answer = new Answer(request, response, callback);
            answer.header(HttpHeader.RETRY_AFTER.asString(), "5");
            answer.text(503, "Too many passwords are being compared; try again soon");
        }
        return true;
    }

    private void within(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Exception e) { // what Jetty declares
            Response.writeError(request, response, callback, e);
        }
    }

    private static void refuse(Request request, Response response, Callback callback) {
        Answer answer = new Answer(request, response, callback);
        answer.header(HttpHeader.WWW_AUTHENTICATE.asString(), "Basic realm=\"netecho agent\", charset=\"UTF-8\"");
        answer.text(401, "A user and a password are needed, which --web.config.file of the agent lists");
    }

    /** What basic authentication says (RFC 7617). */
    private static final class Login {
        private final String user;
        private final byte[] password;

        private Login(String user, byte[] password) {
            this.user = user;
            this.password = password;
        }

        /** {@return what a field says; null if it says nothing that can be read} */
        static @Nullable Login of(@Nullable String field) {
            if (field == null || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                return null;
            }
            try {
                byte[] both = Base64.getDecoder()
                        .decode(field.substring(SCHEME.length()).strip());
                int colon = 0;
                while (colon < both.length && both[colon] != ':') {
                    colon++;
                }
                if (colon == both.length) {
                    return null;
                }
                String user = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(both, 0, colon))
                        .toString();
                return new Login(user, Arrays.copyOfRange(both, colon + 1, both.length));
            } catch (IllegalArgumentException | CharacterCodingException e) {
                return null;
            }
        }
    }
}
