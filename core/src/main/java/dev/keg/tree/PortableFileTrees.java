package dev.keg.tree;

import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Trees through java.nio, available everywhere. Supports only the {@code user.} extended
 * attributes, detects no holes, creates no devices, and cannot exchange directories.
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

  /** A stage created through java.nio, as safe against links as {@link PortableTreeWriter}. */
  private static final class PortableStage implements Stage {
    private final PortablePaths paths;
    private final TreePath name;
    private final Path directory;
    private final TreeWriter writer;

    PortableStage(Path root, TreePath name, Losses losses) {
      this.name = name;
      paths = new PortablePaths(root);
      directory = paths.path(name);
      FileFailures.run("create", directory, () -> Files.createDirectory(directory));
      writer = new PortableTreeWriter(directory, losses);
    }

    @Override
    public TreeWriter writer() {
      return writer;
    }

    @Override
    public void publish(TreePath made, TreePath place) {
      Path target = paths.path(place);
      FileFailures.run(
          "create",
          target,
          () ->
              Files.move(
                  paths.path(name.resolve(made)),
                  target,
                  StandardCopyOption.ATOMIC_MOVE,
                  StandardCopyOption.REPLACE_EXISTING));
    }

    @Override
    public void close() {
      writer.close();
      FileFailures.run("remove", directory, () -> TreeDeletion.delete(directory));
    }
  }
}
