package dev.keg.volumeset;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.publish.Publisher;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fills an empty volume with the content of the target in the container's own file system, as
 * docker does at the first use of a volume. The copy is made in a directory of its own in the
 * volume, renamed once it is complete, then moved into place entry by entry. After a kill, the next
 * first use starts over or continues; files of others are never touched. Another user of the volume
 * may replace either directory with a link, so neither is accessed by its path.
 */
final class CopyUp {
  private static final String PARTIAL = ".keg-copy-up.partial";
  private static final String COMPLETE = ".keg-copy-up.complete";
  private static final Set<String> NOTHING = Set.of("lost+found", PARTIAL);

  private final Publisher publisher;

  CopyUp(Publisher publisher) {
    this.publisher = publisher;
  }

  /** Fills the volume, or the part of it, if it is empty; returns what it put there. */
  Optional<TreeState> fill(Path data, Publisher.Original original) {
    return FileFailures.translate("copy up", data, () -> fillOrGoOn(data, original));
  }

  private Optional<TreeState> fillOrGoOn(Path data, Publisher.Original original)
      throws IOException {
    Path partial = data.resolve(PARTIAL);
    Path complete = data.resolve(COMPLETE);
    if (Files.isDirectory(partial, LinkOption.NOFOLLOW_LINKS)) {
      TreeDeletion.deleteIn(data, partial.getFileName());
    }
    if (!Files.isDirectory(complete, LinkOption.NOFOLLOW_LINKS)) {
      if (!isEmpty(data)) {
        return Optional.empty();
      }
      Files.createDirectory(partial);
      original.copy(partial);
      Files.move(partial, complete, StandardCopyOption.ATOMIC_MOVE);
    }
    publisher.copyAttributes(complete, data);
    TreeState copied = TreeState.of(complete);
    moveIn(complete, data);
    TreeDeletion.deleteIn(data, complete.getFileName());
    return Optional.of(copied);
  }

  private static boolean isEmpty(Path data) throws IOException {
    return DirectoryEntries.of(data).stream()
        .map(entry -> entry.getFileName().toString())
        .allMatch(name -> NOTHING.contains(name) || OwnNames.isOwn(ByteString.utf8(name)));
  }

  private static void moveIn(Path complete, Path data) throws IOException {
    try (DirectoryStream<Path> volume = Files.newDirectoryStream(data)) {
      if (!(volume instanceof SecureDirectoryStream<Path> into)) {
        throw new IOException("this system cannot keep a directory open");
      }
      try (SecureDirectoryStream<Path> copy =
          into.newDirectoryStream(complete.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
        for (Path name : names(copy)) {
          if (!Files.exists(data.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            copy.move(name, into, name);
          }
        }
      }
    }
  }

  private static List<Path> names(DirectoryStream<Path> directory) throws IOException {
    List<Path> names = new ArrayList<>();
    try {
      directory.forEach(entry -> names.add(entry.getFileName()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }
}
