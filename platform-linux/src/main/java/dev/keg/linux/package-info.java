/**
 * The Linux side of Keg: {@link dev.keg.linux.LinuxPlatform} names its parts, which are the kernel
 * seam and one package for each driver. Only {@code java.util.ServiceLoader} depends on it.
 */
@NullMarked
package dev.keg.linux;

import org.jspecify.annotations.NullMarked;
