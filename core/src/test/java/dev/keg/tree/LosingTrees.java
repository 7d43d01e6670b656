package dev.keg.tree;

import java.nio.file.Path;

/** Trees on a file system that cannot keep the access control list of one file. */
public record LosingTrees(FileTrees trees, TreePath file) implements FileTrees {
  @Override
  public FileTree read(Path root) {
    return trees.read(root);
  }

  @Override
  public TreeWriter write(Path root, Losses losses) {
    losses.lost(file, "access control list", "not supported");
    return trees.write(root, losses);
  }

  @Override
  public Stage stage(Path root, ByteString name, Losses losses) {
    return trees.stage(root, name, losses);
  }

  @Override
  public boolean exchange(Path one, Path other) {
    return trees.exchange(one, other);
  }
}
