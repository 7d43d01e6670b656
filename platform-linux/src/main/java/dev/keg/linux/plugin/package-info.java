/**
 * Volumes in Docker volume plugins. Depends on the driver SPI, {@code linux.driver} and {@code
 * linux.mount}. The plugin mounts the data where it likes; Keg binds it to the volume's data
 * directory, where the rest of Keg expects it.
 */
@NullMarked
package dev.keg.linux.plugin;

import org.jspecify.annotations.NullMarked;
