/**
 * The file format age, version 1: files encrypted for X25519 keys and pass phrases. Depends on the
 * JDK alone. What it opens is authentic to the last byte that it hands out, and everything that it
 * writes is opened by {@code age -d}.
 *
 * <p>The format is <a href="https://c2sp.org/age">c2sp.org/age</a>: a header of lines, which wraps
 * the file's key for each recipient and ends in a MAC, a nonce of 16 bytes, and the content in
 * chunks of 64 KiB with a tag each.
 */
@NullMarked
package dev.keg.age;

import org.jspecify.annotations.NullMarked;
