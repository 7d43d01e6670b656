/**
 * Mounts at places that an operator names: empty directories and drive letters. Depends on {@code
 * publish} of core and the Win32 seam.
 */
@NullMarked
package dev.keg.windows.publish;

import org.jspecify.annotations.NullMarked;
