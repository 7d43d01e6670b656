/**
 * Trees of files as the kernel sees them: names and attributes are bytes ({@link
 * dev.keg.tree.ByteString}), never text. An {@link dev.keg.tree.Entry} is one file of a tree
 * without its content; a {@link dev.keg.tree.TreePath} cannot lead out of its tree. A {@link
 * dev.keg.tree.FileTree} reads a tree, a {@link dev.keg.tree.TreeWriter} creates one; neither
 * follows a symbolic link, whatever others do to the tree meanwhile. {@link dev.keg.tree.FileTrees}
 * opens both: an operating system may provide its own implementation, and there is one for
 * java.nio.
 */
@NullMarked
package dev.keg.tree;

import org.jspecify.annotations.NullMarked;
