/**
 * The volumes of a compose file: of one service, what it mounts, as {@link
 * dev.keg.mountspec.MountSpec}s. Depends on {@code error}, {@code volume} and {@code mountspec},
 * and on the YAML parser. The file is not trusted: its size, depth and repetitions have limits, and
 * nothing in it is run or fetched.
 */
@NullMarked
package dev.keg.mountspec.compose;

import org.jspecify.annotations.NullMarked;
