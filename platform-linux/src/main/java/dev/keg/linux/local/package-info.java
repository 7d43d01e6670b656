/**
 * The system calls of docker's {@code local} driver. Depends on {@code driver.local}, {@code
 * linux.driver} and the packages below that; core decides which calls to make.
 */
@NullMarked
package dev.keg.linux.local;

import org.jspecify.annotations.NullMarked;
