/**
 * Makes volumes of files and directories that are there already, where they lie. Depends on {@code
 * disk}, {@code driver}, {@code lifecycle} and {@code registry}. A file or directory is registered
 * once; what is adopted is neither moved nor changed, and stays when its volume is removed unless
 * somebody asks otherwise.
 */
@NullMarked
package dev.keg.adoption;

import org.jspecify.annotations.NullMarked;
