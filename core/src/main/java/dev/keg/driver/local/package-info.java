/**
 * Docker's {@code local} driver: a plain directory, or whatever docker's {@code type}, {@code o},
 * {@code device} and {@code size} options describe. Depends on {@code driver}. The meaning of the
 * options is decided here and can be tested anywhere; the platform only executes the calls.
 */
@NullMarked
package dev.keg.driver.local;

import org.jspecify.annotations.NullMarked;
