/**
 * The driver SPI: what a driver must do, what it may do, and how it describes itself. A driver
 * makes a volume's data visible in one place; the core shows it to containers and machines.
 */
@NullMarked
package dev.keg.driver;

import org.jspecify.annotations.NullMarked;
