/**
 * The locks of one volume between processes, while it is copied, moved, restored, looked at, or one
 * of its snapshots is read. Each is a lock of the system on a file, so that a killed command leaves
 * none.
 */
@NullMarked
package dev.keg.registry.lock;

import org.jspecify.annotations.NullMarked;
