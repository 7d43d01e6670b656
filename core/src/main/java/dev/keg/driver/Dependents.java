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
 * The volumes that are built on a base volume, which must stay as long as they exist. A file of
 * each dependent has a second hard link below the base. As long as it has two links, the dependent
 * exists: removing or abandoning the dependent's home drops one, and renaming changes nothing.
 */
public record Dependents(VolumeHome base, DirectorySync sync) {
  private static final String OWN = "base";
  private static final String DRAFT = "base.new";
  private static final String DIRECTORY = "dependents";

  public Dependents(VolumeHome base) {
    this(base, DirectorySync.FSYNC);
  }

  /** Records that the dependent, whose home is still staged, is built on the base. */
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

  /** Their names at the time they were created. */
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
