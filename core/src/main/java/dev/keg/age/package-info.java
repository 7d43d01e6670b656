/**
 * The file format age, version 1: files encrypted for X25519 keys and pass phrases. Depends only on
 * the JDK. Every byte that it returns is authenticated, and {@code age -d} opens everything that it
 * writes.
 *
 * <p>The format is <a href="https://c2sp.org/age">c2sp.org/age</a>: a header of lines, which wraps
 * the file's key for each recipient and ends with a MAC, a nonce of 16 bytes, and the content in
 * chunks of 64 KiB with a tag each.
 */
@NullMarked
package dev.keg.age;

import org.jspecify.annotations.NullMarked;
