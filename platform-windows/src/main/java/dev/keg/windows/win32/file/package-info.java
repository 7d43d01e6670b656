/**
 * What Windows stores with files besides their content: descriptors and alternate data streams; and
 * directories that are held in place. A part of the native seam.
 */
@NullMarked
package dev.keg.windows.win32.file;

import org.jspecify.annotations.NullMarked;
