/**
 * What docker's {@code local} driver has Linux do. Depends on {@code driver.local} and {@code
 * linux.kernel}; which calls to make is decided in the core.
 */
@NullMarked
package dev.keg.linux.local;

import org.jspecify.annotations.NullMarked;
