/**
 * How much room trees of files and their file systems take. A platform brings the calls, {@link
 * dev.keg.usage.TreeScans}; what is counted, and what counts once, is decided here. Depends only on
 * {@code error}, {@code file}, {@code json}, {@code tree} and {@code volume}.
 */
@NullMarked
package dev.keg.usage;

import org.jspecify.annotations.NullMarked;
