/**
 * Disks of virtual machines: a volume is attached to one writer or any number of readers, and
 * plugged in if the machine is running. Depends on {@code attachment}, {@code driver}, {@code
 * lifecycle} and {@code registry}. A volume's own record is authoritative; a machine's file only
 * says where to look.
 */
@NullMarked
package dev.keg.machine;

import org.jspecify.annotations.NullMarked;
