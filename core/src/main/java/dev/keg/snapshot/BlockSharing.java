package dev.keg.snapshot;

import dev.keg.file.CreationMode;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.file.TreeDeletion;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tests whether a copy can share its blocks with the original, as on btrfs and XFS. It tries a
 * small file, since neither the name nor the version of a file system tells.
 */
final class BlockSharing {
  private static final String PROBE = "probe";
  private static final int BLOCK = 4096;
  private static final TreePath ONE = TreePath.ROOT.child(ByteString.utf8("one"));
  private static final TreePath OTHER = TreePath.ROOT.child(ByteString.utf8("other"));

  private BlockSharing() {}

  /** Leaves nothing in the staged home of a snapshot of the volume. */
  static boolean isPossible(FileTrees trees, VolumeName volume, Path data, VolumeHome staged) {
    Path probe = staged.file(PROBE);
    return FileFailures.translate(
        "snapshot " + volume, probe, () -> isPossible(trees, data, probe));
  }

  private static boolean isPossible(FileTrees trees, Path data, Path probe) throws IOException {
    // A subvolume has a number of its own, but is on the file system of the directory around it.
    Path place = Subvolumes.ofSystem().number(data).isPresent() ? data.resolveSibling("") : data;
    if (!Files.getFileStore(place).equals(Files.getFileStore(probe.resolveSibling("")))) {
      return false;
    }
    Files.createDirectory(probe, CreationMode.ownersDirectory(probe.resolveSibling("")));
    try {
      Files.write(probe.resolve(ONE.name().toString()), new byte[BLOCK]);
      return isShared(trees, probe);
    } finally {
      TreeDeletion.delete(probe);
    }
  }

  private static boolean isShared(FileTrees trees, Path probe) {
    try (FileTree tree = trees.read(probe);
        TreeWriter writer = trees.write(probe, (_, _, _) -> {});
        OpenFile one = tree.open(ONE).orElseThrow();
        NewFile other = writer.file(OTHER).orElseThrow()) {
      return other.share(one);
    }
  }
}
