/**
 * File trees on Windows: java.nio, with access control lists and alternate data streams as extended
 * attributes. Depends on {@code windows.win32}. An attribute of Linux and a stream have the same
 * name, so that each system restores what the other saved.
 */
@NullMarked
package dev.keg.windows.tree;

import org.jspecify.annotations.NullMarked;
