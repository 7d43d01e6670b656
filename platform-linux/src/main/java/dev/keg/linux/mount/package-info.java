/**
 * Makes, changes, removes and lists mounts. Uses the mount calls of new kernels and, where they are
 * missing, mount(2). Depends on {@code kernel}.
 */
@NullMarked
package dev.keg.linux.mount;

import org.jspecify.annotations.NullMarked;
