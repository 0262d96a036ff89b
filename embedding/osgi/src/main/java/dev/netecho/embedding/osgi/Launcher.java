// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.embedding.osgi;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Starts bundles in Felix: the first argument is the framework's folder, the others are the jars, in their order. */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, arguments[0],
                        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            bundles.add(framework.getBundleContext().installBundle(new File(arguments[i]).toURI().toString()));
        }
        int status = 0;
        for (Bundle bundle : bundles) {
            try {
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    bundle.start();
                }
            } catch (BundleException e) {
                System.out.println(e.getMessage());
                for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                    System.out.println(cause.getMessage());
                }
                status = 1;
            }
        }
        framework.stop();
        framework.waitForStop(10_000);
        System.exit(status);
    }
}
