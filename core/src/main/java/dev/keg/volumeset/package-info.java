/**
 * All mounts of one container, and mounts made by hand: resolved, recorded in a plan before the
 * first one is made, set up parents before children, and taken down by walking the plan backwards.
 * Whenever a command is killed, the backward walk finds all of its mounts and no others.
 */
@NullMarked
package dev.keg.volumeset;

import org.jspecify.annotations.NullMarked;
