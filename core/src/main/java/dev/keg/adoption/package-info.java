/**
 * Makes volumes of existing files and directories in place. Depends on {@code disk}, {@code
 * driver}, {@code lifecycle} and {@code registry}. A file or directory is registered once; adopted
 * data is neither moved nor changed, and stays when its volume is removed unless its deletion is
 * requested.
 */
@NullMarked
package dev.keg.adoption;

import org.jspecify.annotations.NullMarked;
