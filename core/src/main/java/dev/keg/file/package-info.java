/**
 * File handling: small files are written atomically and read within limits, directories are listed
 * at once, trees are deleted without following links, and transfers are throttled. Depends on
 * {@code error} and {@code volume}. It does not know what a file means.
 */
@NullMarked
package dev.keg.file;

import org.jspecify.annotations.NullMarked;
