package dev.keg.linux.driver;

import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Copies a directory with everything in it, or fails. */
public final class FaithfulCopy {
  private static final FileTrees TREES = new LinuxFileTrees();

  private FaithfulCopy() {}

  /** The target is made. */
  public static void run(Path from, Path to) throws IOException {
    List<String> losses = new ArrayList<>();
    Files.createDirectory(to);
    try (FileTree source = TREES.read(from);
        TreeWriter copy =
            TREES.write(
                to,
                (path, what, why) -> losses.add("the %s of %s: %s".formatted(what, path, why)))) {
      new TreeCopy(source, copy).run();
    }
    if (!losses.isEmpty()) {
      throw new IOException(losses.getFirst());
    }
  }
}
