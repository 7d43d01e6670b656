/**
 * Disk images as files: writes raw, VHD and VHDX, and detects and reads these, qcow2 and ISO, on
 * any operating system and through {@code java.nio} alone. Depends on {@code file}, {@code tree}
 * and {@code volume}; it does not know drivers. A written image is complete and synced when a
 * method returns. An image that is read may come from anywhere, so everything in it is checked.
 */
@NullMarked
package dev.keg.disk;

import org.jspecify.annotations.NullMarked;
