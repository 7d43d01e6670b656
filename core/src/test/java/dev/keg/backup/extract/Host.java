package dev.keg.backup.extract;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.backup.tar.TarLimits;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A host in memory, with a stage for restores and files outside that must not change. */
public final class Host {
  final FileSystem fileSystem =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setAttributeViews("basic", "owner", "posix", "unix", "user")
              .setWorkingDirectory("/")
              .build());
  final Path root = fileSystem.getPath("/");
  final Path stage = root.resolve("volumes/db/stage");
  final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private final List<String> outside;

  Host() {
    try {
      Files.createDirectories(stage);
      Files.createDirectories(root.resolve("etc"));
      Files.writeString(root.resolve("etc/shadow"), "secret");
      Files.writeString(root.resolve("volumes/db/x"), "a neighbour");
      Files.setPosixFilePermissions(
          root.resolve("etc/shadow"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    outside = outside();
  }

  /** Everything except the stage, with all that a restore could change. */
  private List<String> outside() {
    return describe(root).stream().filter(line -> !line.startsWith("volumes/db/stage")).toList();
  }

  boolean outsideIsUntouched() {
    return outside().equals(outside);
  }

  TreeListener listener() {
    return (path, note, text) -> notes.add(note + " " + path + ": " + text);
  }

  static RestoreLimits limits() {
    return new RestoreLimits(100, new Size(50 << 20), 1000);
  }

  Extraction extraction(Trust trust) {
    return extraction(ExtractionRequest.all(trust, limits(), 2));
  }

  Extraction extraction(ExtractionRequest request) {
    return new Extraction(new PortableFileTrees(), stage, request, listener());
  }

  void restore(byte[] archive) {
    extraction(Trust.FOREIGN)
        .fromStream("a.tar", new ByteArrayInputStream(archive), TarLimits.FOREIGN);
  }

  void restore(Shelf shelf, String name) {
    restore(shelf, name, _ -> true, false);
  }

  void restore(Shelf shelf, String name, Predicate<TreePath> wanted, boolean keepSound) {
    try (Archive archive = shelf.archive(name);
        ArchiveSources sources = new ArchiveSources(archive, shelf)) {
      extraction(new ExtractionRequest(wanted, Trust.OWN, limits(), keepSound, 3))
          .fromArchive(archive, sources);
    }
  }

  /** The content of the stage, one line for each file. */
  List<String> restored() {
    return describe(stage);
  }

  static List<String> describe(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(p -> !p.equals(directory))
          .map(p -> directory.relativize(p) + " " + describeFile(p))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String describeFile(Path path) {
    try {
      String mode =
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
      Object links = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      if (Files.isSymbolicLink(path)) {
        return "-> " + Files.readSymbolicLink(path);
      }
      if (Files.isDirectory(path)) {
        return "d " + mode;
      }
      String content =
          Files.size(path) < 100
              ? "'" + Files.readString(path) + "' "
              : Files.size(path) + " bytes ";
      return content + mode + (links.equals(1) ? "" : " x" + links);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
