package dev.keg.registry;

import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.file.WorkListener;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Removes volumes: renames each into the trash, syncs once for all, then deletes. */
record HomeDeletion(RegistryLayout layout, Drafts drafts, DirectorySync sync, WorkListener work) {
  /**
   * Removes the volumes.
   *
   * @param size the size of their data; zero if unknown
   */
  void of(Collection<VolumeName> names, Size size) {
    List<Path> graves = bury(names);
    if (size.bytes() == 0) {
      expect(graves);
    } else {
      work.expected(size.bytes());
    }
    Parallel.stream(graves)
        .forEach(grave -> FileFailures.run("remove", grave, () -> Drafts.delete(grave, work)));
  }

  /**
   * Removes the volume and its data outside the root; the grave contains the data's temporary name.
   */
  void withData(VolumeName name, Path data) {
    Path doomed = drafts.graveBeside(data);
    byte[] note = doomed.toString().getBytes(StandardCharsets.UTF_8);
    new RegistryFiles(layout, drafts, sync)
        .write(name, layout.home(name).path(), RegistryLayout.REMOVED_DATA, note);
    Path grave = bury(List.of(name)).getFirst();
    FileFailures.run(
        "delete data",
        data,
        () -> {
          if (Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(data, doomed, StandardCopyOption.ATOMIC_MOVE);
          }
          expect(List.of(doomed, grave));
          Drafts.delete(grave, work);
        });
  }

  // Counting takes much less time than deleting, but some.
  private void expect(List<Path> trees) {
    if (work.isWatched()) {
      for (Path tree : trees) {
        work.expected(
            FileFailures.translate("measure", tree, () -> TreeDeletion.reportedBytes(tree)));
      }
    }
  }

  private List<Path> bury(Collection<VolumeName> names) {
    List<Path> graves = new ArrayList<>();
    SequencedSet<Path> changed = new LinkedHashSet<>();
    for (VolumeName name : names) {
      Path home = layout.home(name).path();
      Path grave = drafts.grave(name);
      FileFailures.run(
          "remove " + name, home, () -> Files.move(home, grave, StandardCopyOption.ATOMIC_MOVE));
      graves.add(grave);
      changed.add(home.resolveSibling(""));
    }
    for (Path volumes : changed) {
      FileFailures.run("remove", volumes, () -> sync.sync(volumes));
    }
    Pointers pointers = new Pointers(layout, drafts, sync);
    for (VolumeName name : names) {
      FileFailures.run("remove " + name, layout.root(), () -> pointers.erase(name));
    }
    return graves;
  }
}
