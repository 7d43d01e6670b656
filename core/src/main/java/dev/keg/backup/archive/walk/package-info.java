/**
 * Walks a tree and reads its small files on threads of its own, ahead of the one that archives
 * them. Depends on {@code tree}. No thread outlives its reader.
 */
@NullMarked
package dev.keg.backup.archive.walk;

import org.jspecify.annotations.NullMarked;
