/**
 * Volumes that Docker volume plugins keep. Depends on the driver SPI, {@code linux.driver} and
 * {@code linux.mount}. The plugin makes the data visible where it likes; Keg binds it to the
 * volume's own directory, where everything else of Keg finds it.
 */
@NullMarked
package dev.keg.linux.plugin;

import org.jspecify.annotations.NullMarked;
