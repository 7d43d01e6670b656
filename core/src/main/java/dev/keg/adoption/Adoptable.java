package dev.keg.adoption;

import dev.keg.disk.DiskException;
import dev.keg.file.FileFailures;
import dev.keg.volume.Options;
import java.io.IOException;
import java.nio.file.Path;

/** Something that can become a volume. */
sealed interface Adoptable {
  /** The default name; it may not be a valid volume name. */
  String text();

  /** Data that stays in its place. */
  record Lying(String text, Path real, String driver, Options options) implements Adoptable {}

  /** A docker volume that is mounted from elsewhere: only its description exists. */
  record Described(DockerVolume docker) implements Adoptable {
    @Override
    public String text() {
      return docker.name();
    }
  }

  /** A file's name without its extension. */
  static String nameOf(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.replaceFirst("(?i)(?<=.)\\.(raw|img|qcow2|vhdx?|iso)$", "");
  }

  static String reason(IOException e) {
    return e instanceof DiskException disk ? disk.why() : FileFailures.reason(e);
  }
}
