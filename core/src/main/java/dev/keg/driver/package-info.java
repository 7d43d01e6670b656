/**
 * The driver SPI: what a driver must do, may do, and how it describes itself. Depends on {@code
 * error} and {@code volume}. A driver makes a volume's data visible at one place of its own; who
 * else sees it is the core's affair.
 */
@NullMarked
package dev.keg.driver;

import org.jspecify.annotations.NullMarked;
