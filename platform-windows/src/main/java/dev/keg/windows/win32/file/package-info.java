/**
 * What Windows keeps of files beside their content: descriptors and alternate data streams; and
 * directories that are held where they are. A part of the native seam.
 */
@NullMarked
package dev.keg.windows.win32.file;

import org.jspecify.annotations.NullMarked;
