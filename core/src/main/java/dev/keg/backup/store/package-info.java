/**
 * Stores the bytes of backups: immutable objects with names, in a directory, an S3 bucket or over
 * ssh, each in its own package that passes the same conformance suite. An object is visible
 * completely or not at all, and never changes.
 */
@NullMarked
package dev.keg.backup.store;

import org.jspecify.annotations.NullMarked;
