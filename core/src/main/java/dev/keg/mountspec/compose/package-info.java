/**
 * The mounts of a service in a compose file, as {@link dev.keg.mountspec.MountSpec}s. Depends on
 * {@code error}, {@code volume} and {@code mountspec}, and on the YAML parser. The file is not
 * trusted: its size, depth and merged keys are limited, and nothing in it is run or fetched.
 */
@NullMarked
package dev.keg.mountspec.compose;

import org.jspecify.annotations.NullMarked;
