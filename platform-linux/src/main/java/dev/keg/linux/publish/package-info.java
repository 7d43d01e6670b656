/**
 * Shows volumes at their targets: the kernel's part of {@code volumeset}. Depends on that, {@code
 * mountspec} and {@code linux.kernel}. What lies below a container's root directory or in a volume
 * may belong to somebody hostile: it is opened by openat2(2) and then only spoken of by what is
 * open.
 */
@NullMarked
package dev.keg.linux.publish;

import org.jspecify.annotations.NullMarked;
