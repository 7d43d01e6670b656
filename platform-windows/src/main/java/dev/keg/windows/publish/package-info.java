/**
 * Mounts at places that an operator names: empty directories and drive letters. Depends on {@code
 * publish} and {@code render} of core and on the Win32 seam.
 */
@NullMarked
package dev.keg.windows.publish;

import org.jspecify.annotations.NullMarked;
