/**
 * Files as Keg keeps them: written whole and synced, listed at once, deleted without following
 * links. Depends on {@code error}. Nothing here knows what a file means.
 */
@NullMarked
package dev.keg.file;

import org.jspecify.annotations.NullMarked;
