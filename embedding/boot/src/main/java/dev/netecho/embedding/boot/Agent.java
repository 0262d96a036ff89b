// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding.boot;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.springframework.boot.Banner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A Spring Boot program that pings this host over IPv4 and IPv6 when it has started. */
@SpringBootApplication
public class Agent {
    public static void main(String[] arguments) {
        SpringApplication agent = new SpringApplication(Agent.class);
        agent.setBannerMode(Banner.Mode.OFF);
        agent.run(arguments).close();
    }

    @Bean(destroyMethod = "close")
    EchoRequester requester() throws IOException {
        return EchoRequester.open();
    }

    @Bean
    CommandLineRunner ping(EchoRequester requester) {
        return arguments -> {
            for (String address : new String[] {"127.0.0.1", "::1"}) {
                EchoOutcome outcome = requester.send(EchoRequest.newBuilder(InetAddress.getByName(address))
                        .timeout(Duration.ofSeconds(10))
                        .build());
                if (!(outcome instanceof EchoOutcome.Reply)) {
                    throw new IOException(address + ": " + outcome);
                }
            }
            System.out.println("echo by " + requester.provider());
        };
    }
}
