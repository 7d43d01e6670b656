/**
 * Finds the devices that files lie on, and reads their counters and settings from the kernel's text
 * files.
 */
@NullMarked
package dev.keg.linux.device;

import org.jspecify.annotations.NullMarked;
