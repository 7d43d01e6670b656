package dev.keg.driver;

import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The volumes that are built on one, which has to stay as long as they do. A file of each has a
 * second name below the base, and while it has two the dependent is there: one that is removed, or
 * was never finished, is forgotten with its home, and renaming changes nothing.
 */
public record Dependents(VolumeHome base) {
  private static final String OWN = "base";
  private static final String DIRECTORY = "dependents";

  /** Says that the dependent, whose home is not in its place yet, is built on the base. */
  public void add(VolumeHome dependent, VolumeName name) throws IOException {
    Path own = Files.writeString(dependent.file(OWN), name.text());
    Path directory = base.file(DIRECTORY);
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
    }
    for (Path link : links()) {
      if (!isThere(link)) {
        Files.deleteIfExists(link);
      }
    }
    Files.createLink(directory.resolve(String.valueOf(dependent.path().getFileName())), own);
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
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
