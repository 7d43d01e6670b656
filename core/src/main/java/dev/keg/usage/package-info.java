/**
 * The space of file trees and their file systems. A platform provides the system calls, {@link
 * dev.keg.usage.TreeScans}; what is counted, and what counts once, is decided here. Depends only on
 * {@code error}, {@code file}, {@code json}, {@code tree} and {@code volume}.
 */
@NullMarked
package dev.keg.usage;

import org.jspecify.annotations.NullMarked;
