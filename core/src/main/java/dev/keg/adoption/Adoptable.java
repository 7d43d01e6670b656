package dev.keg.adoption;

import dev.keg.disk.DiskException;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** What is to become a volume. */
sealed interface Adoptable {
  /** What it is called if nobody says otherwise; not every file's name is a volume's. */
  String text();

  /** Data that stays where it lies. */
  record Lying(String text, Path real, String driver, SortedMap<String, String> options)
      implements Adoptable {}

  /** A docker volume that is mounted from elsewhere: its description is all there is of it. */
  record Described(DockerVolume docker) implements Adoptable {
    @Override
    public String text() {
      return docker.name();
    }
  }

  /** A file's name without its ending. */
  static String nameOf(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.replaceFirst("(?i)(?<=.)\\.(raw|img|qcow2|vhdx?|iso)$", "");
  }

  static String reason(IOException e) {
    return e instanceof DiskException disk ? disk.why() : FileFailures.reason(e);
  }
}
