// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** A program on the module path. */
module dev.netecho.embedding.modular {
    requires dev.netecho;
}
