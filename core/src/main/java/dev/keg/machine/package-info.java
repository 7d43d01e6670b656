/**
 * Disks of virtual machines: which machine has which volume, promised to one writer or to any
 * number of readers, and plugged into a machine while it runs. Depends on {@code attachment},
 * {@code driver} and {@code registry}. A volume's own record is the truth; what is kept of a
 * machine only says where to look.
 */
@NullMarked
package dev.keg.machine;

import org.jspecify.annotations.NullMarked;
