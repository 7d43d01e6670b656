package dev.keg.linux.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Copies what a container has at a target into the volume that will cover it. */
final class TargetCopy {
  private static final FileTrees TREES = new LinuxFileTrees();

  private TargetCopy() {}

  static void copy(Path from, Fd open, Path into) {
    withTrees(from, open, into, (source, copy) -> new TreeCopy(source, copy).run());
  }

  static void attributes(Path from, Fd open, Path to) {
    withTrees(
        from,
        open,
        to,
        (source, copy) ->
            source
                .stat(TreePath.ROOT)
                .map(stat -> stat.attributes(source.xattrs(TreePath.ROOT)))
                .ifPresent(all -> copy.attributes(TreePath.ROOT, new FileKind.Directory(), all)));
  }

  private interface Copier {
    void run(FileTree source, TreeWriter copy);
  }

  // The source is named by its open descriptor; without the dot, some readers would take that name
  // for the link that it is.
  private static void withTrees(Path from, Fd open, Path to, Copier copier) {
    List<String> losses = Collections.synchronizedList(new ArrayList<>());
    try (FileTree source = TREES.read(Path.of(open.path(), "."));
        TreeWriter copy =
            TREES.write(
                to,
                // Losing extended attributes is no reason to refuse the volume.
                (path, what, why) -> {
                  if (what.startsWith("owner ")) {
                    losses.add("cannot preserve the %s of %s: %s".formatted(what, path, why));
                  }
                })) {
      copier.run(source, copy);
    }
    if (!losses.isEmpty()) {
      throw new MountFailed(
          "copy up", from.toString(), losses.getFirst(), "nocopy leaves the volume empty");
    }
  }
}
