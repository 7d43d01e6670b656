package dev.keg.registry.shared;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What commands of this host have begun in the shared registry: a file for each volume with a word
 * and possibly an id or a name. Writing it requires the volume's lock; it is deleted once the store
 * and the root agree again.
 */
record Pending(Path directory, DirectorySync sync) {
  /** A change that was begun. */
  record BegunChange(Kind kind, String subject) {}

  enum Kind {
    /** A volume with this id is being created. */
    CREATE,
    /** The volume with this id is being removed. */
    REMOVE,
    /** The volume gets this name. */
    RENAME,
    /** Its holders change. */
    HOLDERS
  }

  void begin(VolumeName name, Kind kind, String subject) {
    Path file = directory.resolve(name.text());
    byte[] content = (kind + " " + subject).getBytes(StandardCharsets.UTF_8);
    FileFailures.run(
        "note " + name,
        file,
        () -> {
          Path draft = directory.resolve("." + name.text());
          Files.deleteIfExists(draft);
          AtomicFile.replace(file, draft, content, sync);
        });
  }

  void end(VolumeName name) {
    Path file = directory.resolve(name.text());
    FileFailures.run("note " + name, file, () -> Files.deleteIfExists(file));
  }

  List<VolumeName> names() {
    return FileFailures.translate("list", directory, () -> DirectoryEntries.names(directory))
        .stream()
        .flatMap(name -> VolumeName.lookup(name).stream())
        .toList();
  }

  Optional<BegunChange> find(VolumeName name) {
    Path file = directory.resolve(name.text());
    return FileFailures.translate("read", file, () -> read(file));
  }

  private static Optional<BegunChange> read(Path file) throws IOException {
    try {
      String[] words = new String(SmallFile.read(file), StandardCharsets.UTF_8).split(" ", 2);
      return words.length == 2
          ? Optional.of(new BegunChange(Kind.valueOf(words[0]), words[1]))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException("it is damaged", e);
    }
  }
}
