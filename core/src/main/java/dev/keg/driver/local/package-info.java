/**
 * Docker's {@code local} driver: a plain directory, or whatever docker's {@code type}, {@code o},
 * {@code device} and {@code size} options describe. Depends on {@code driver}. What those options
 * mean is decided here and can be tested anywhere; only doing it is the platform's.
 */
@NullMarked
package dev.keg.driver.local;

import org.jspecify.annotations.NullMarked;
