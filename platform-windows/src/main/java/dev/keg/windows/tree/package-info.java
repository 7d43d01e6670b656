/**
 * Trees on Windows: what java.nio does, and access control lists and alternate data streams as
 * extended attributes. Depends on {@code windows.win32}. An attribute of Linux and a stream have
 * one name, so that each system restores what the other has saved.
 */
@NullMarked
package dev.keg.windows.tree;

import org.jspecify.annotations.NullMarked;
