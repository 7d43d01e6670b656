/**
 * The locks of a single volume between processes, while it is copied, moved, restored or viewed, or
 * one of its snapshots is read. Each is a file lock of the kernel, so a killed command leaves none.
 */
@NullMarked
package dev.keg.registry.lock;

import org.jspecify.annotations.NullMarked;
