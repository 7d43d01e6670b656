/**
 * How Keg handles files: small ones are written whole and synced and read within limits,
 * directories are listed at once, trees are deleted without following links, and what is read or
 * sent is held back to a rate. Depends on {@code error} and {@code volume}. It does not know what a
 * file means.
 */
@NullMarked
package dev.keg.file;

import org.jspecify.annotations.NullMarked;
