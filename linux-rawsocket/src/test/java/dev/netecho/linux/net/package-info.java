// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Both engines against the kernel's own routers: prober, router and target in network namespaces joined by veth(4). */
@NullMarked
package dev.netecho.linux.net;

import org.jspecify.annotations.NullMarked;
