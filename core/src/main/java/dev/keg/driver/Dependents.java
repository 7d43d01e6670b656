package dev.keg.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectorySync;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The volumes that are built on one, which has to stay as long as they do. A file of each has a
 * second name below the base, and while it has two the dependent is there: one that is removed, or
 * was never finished, is forgotten with its home, and renaming changes nothing.
 */
public record Dependents(VolumeHome base, DirectorySync sync) {
  private static final String OWN = "base";
  private static final String DRAFT = "base.new";
  private static final String DIRECTORY = "dependents";

  public Dependents(VolumeHome base) {
    this(base, DirectorySync.FSYNC);
  }

  /** Says that the dependent, whose home is not in its place yet, is built on the base. */
  public void add(VolumeHome dependent, VolumeName name) throws IOException {
    Path own = dependent.file(OWN);
    AtomicFile.replace(own, dependent.file(DRAFT), name.text().getBytes(UTF_8), sync);
    Path directory = base.file(DIRECTORY);
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
      sync.sync(base.path());
    }
    for (Path link : links()) {
      if (!isThere(link)) {
        Files.deleteIfExists(link);
      }
    }
    Files.createLink(directory.resolve(String.valueOf(dependent.path().getFileName())), own);
    sync.sync(directory);
  }

  /** What they were called when they were made. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path link : links()) {
      if (isThere(link)) {
        names.add(Files.readString(link));
      }
    }
    return names;
  }

  private List<Path> links() throws IOException {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(base.file(DIRECTORY))) {
      List<Path> all = new ArrayList<>();
      links.forEach(all::add);
      return all;
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  private static boolean isThere(Path link) throws IOException {
    try {
      return (int) Files.getAttribute(link, "unix:nlink") > 1;
    } catch (NoSuchFileException _) {
      return false;
    }
  }
}
