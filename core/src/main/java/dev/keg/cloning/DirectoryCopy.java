package dev.keg.cloning;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Copies a directory volume's data with all attributes, or not at all. */
record DirectoryCopy(FileTrees trees, VolumeName volume) {
  void run(Path from, Path to) {
    List<String> losses = new ArrayList<>();
    try (FileTree source = trees.read(from);
        TreeWriter copy =
            trees.write(
                to,
                (path, what, why) ->
                    losses.add("cannot keep the %s of %s: %s".formatted(what, path, why)))) {
      new TreeCopy(source, copy).run();
    }
    if (!losses.isEmpty()) {
      throw new DriverFailed("clone", volume.text(), losses.getFirst());
    }
  }
}
