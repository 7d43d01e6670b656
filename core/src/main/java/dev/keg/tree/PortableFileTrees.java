package dev.keg.tree;

import java.nio.file.Path;

/**
 * Trees through java.nio, available everywhere. It knows only the {@code user.} extended
 * attributes, sees no holes, makes no devices, and cannot exchange directories.
 */
public final class PortableFileTrees implements FileTrees {
  @Override
  public FileTree read(Path root) {
    return new PortableFileTree(root);
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    return new PortableTreeWriter(root, losses);
  }

  @Override
  public Stage stage(Path root, ByteString name, Losses losses) {
    return new PortableStage(root, TreePath.ROOT.child(name), losses);
  }

  @Override
  public boolean exchange(Path one, Path other) {
    return false;
  }
}
