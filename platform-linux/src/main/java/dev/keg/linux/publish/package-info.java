/**
 * Shows volumes at their targets: the kernel's part of {@code publish}. Depends on that package,
 * {@code mountspec} and {@code linux.driver}. Files in a volume or below a container's root
 * directory may belong to an attacker: they are opened by openat2(2) and from then on used only
 * through their descriptors.
 */
@NullMarked
package dev.keg.linux.publish;

import org.jspecify.annotations.NullMarked;
