/**
 * QEMU's machine protocol over its Unix socket: a line of JSON for each command, answer and event.
 * Depends on {@code machine}. A connection is made for each task and never kept: QEMU serves one
 * client at a time.
 */
@NullMarked
package dev.keg.machine.qmp;

import org.jspecify.annotations.NullMarked;
