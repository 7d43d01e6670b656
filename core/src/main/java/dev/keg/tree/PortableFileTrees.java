package dev.keg.tree;

import java.nio.file.Path;

/**
 * Trees by what java.nio offers everywhere. Of extended attributes it knows those of users only; it
 * sees no holes, makes no devices, and cannot exchange directories.
 */
public final class PortableFileTrees implements FileTrees {
  @Override
  public boolean handles(Path path) {
    return true;
  }

  @Override
  public FileTree read(Path root) {
    return new PortableFileTree(root);
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    return new PortableTreeWriter(root, losses);
  }

  @Override
  public boolean exchange(Path one, Path other) {
    return false;
  }
}
