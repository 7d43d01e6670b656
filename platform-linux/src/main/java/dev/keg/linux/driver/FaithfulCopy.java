package dev.keg.linux.driver;

import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Copies a directory with everything in it, or fails. */
public final class FaithfulCopy {
  private static final FileTrees TREES = new LinuxFileTrees();

  private FaithfulCopy() {}

  /** Creates the target as a copy. */
  public static void run(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    run(() -> TREES.read(from), losses -> TREES.write(to, losses));
  }

  /**
   * Copies within a directory where others, such as tenants of a cluster, may create links: no link
   * is followed. The source may also be elsewhere.
   */
  public static void within(Path top, Path from, Path name) throws IOException {
    run(
        () -> from.startsWith(top) ? LinuxFileTrees.readBelow(top, from) : TREES.read(from),
        losses -> LinuxFileTrees.makeIn(top, name, losses));
  }

  private static void run(Supplier<FileTree> from, Function<Losses, TreeWriter> to)
      throws IOException {
    List<String> found = Collections.synchronizedList(new ArrayList<>());
    try (FileTree source = from.get();
        TreeWriter copy =
            to.apply(
                (path, what, why) -> found.add("the %s of %s: %s".formatted(what, path, why)))) {
      new TreeCopy(source, copy).run();
    }
    if (!found.isEmpty()) {
      throw new IOException(found.getFirst());
    }
  }
}
