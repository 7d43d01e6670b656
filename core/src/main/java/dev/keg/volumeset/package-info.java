/**
 * All mounts of one container, and mounts made by hand: resolved, written down as a plan before the
 * first one is made, set up parents before children, and taken down by walking the plan backwards.
 * Depends on {@code lifecycle}, {@code mountspec}, {@code attachment}, {@code driver} and {@code
 * registry}. Whatever instant a command is killed at, the backward walk finds all that it made and
 * nothing that it did not.
 */
@NullMarked
package dev.keg.volumeset;

import org.jspecify.annotations.NullMarked;
