// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * ICMP echo on the wire: messages, IP headers, checksum and payload as pure functions over {@link java.nio.ByteBuffer}.
 * For authors of backends.
 *
 * <ul>
 *   <li>{@link dev.netecho.packet.EchoTokens} makes the token of each request, and
 *       {@link dev.netecho.packet.DefaultPayload} reads the one that came back. Every backend uses both.
 *   <li>{@link dev.netecho.packet.IcmpEcho}, {@link dev.netecho.packet.IcmpTypes},
 *       {@link dev.netecho.packet.QuotedEcho} and {@link dev.netecho.packet.IcmpExtensions} are for a backend that
 *       writes and reads ICMP messages itself.
 *   <li>{@link dev.netecho.packet.Ipv4Header}, {@link dev.netecho.packet.Ipv6Header} and
 *       {@link dev.netecho.packet.InternetChecksum} are for one that also sees IP headers.
 * </ul>
 *
 * <p>The classes read and write packets in place and share these rules:
 *
 * <ul>
 *   <li>Only absolute {@code get} and {@code put} are used. Position, limit, mark and byte order of a buffer are
 *       neither relied upon nor changed.
 *   <li>Every multi-byte field is big-endian on the wire (RFC 791, appendix B), whatever
 *       {@link java.nio.ByteBuffer#order()} says. So a direct buffer in native order may hold both packets and native
 *       structures.
 *   <li>A range is given as offset and length and must lie inside the buffer; the length may be 0 or more. To read a
 *       packet, first call the method that takes a length ({@code isReply}, {@code headerLength}, {@code decodeError},
 *       ...). These never throw, whatever the bytes are, and return "not one" for what is too short or malformed. The
 *       plain accessors check nothing.
 *   <li>Nothing here blocks or does I/O, and only extension objects are allocated. IPv4 addresses are an {@code int},
 *       IPv6 addresses two {@code long}s, both with the first byte of the address as the most significant one.
 * </ul>
 *
 * <p>Static methods are thread-safe as far as the buffer is; {@link dev.netecho.packet.QuotedEcho} belongs to one
 * thread.
 */
@NullMarked
package dev.netecho.packet;

import org.jspecify.annotations.NullMarked;
