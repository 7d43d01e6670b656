/**
 * Where bytes of a backup lie: immutable objects under names, in a directory, an S3 bucket or
 * behind ssh, each in a package of its own that runs the same conformance suite. Depends on {@code
 * volume} and the JDK alone. An object is visible whole or not at all, and never changes.
 */
@NullMarked
package dev.keg.backup.store;

import org.jspecify.annotations.NullMarked;
