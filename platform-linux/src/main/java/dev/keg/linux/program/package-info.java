/**
 * Runs external programs, such as mkfs and qemu-img, with argument lists and time limits. Depends
 * on {@code kernel}.
 */
@NullMarked
package dev.keg.linux.program;

import org.jspecify.annotations.NullMarked;
