package dev.keg.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether a file is missing, where most are. */
public final class Absence {
  private Absence() {}

  /**
   * The same as {@link java.nio.file.Files#notExists}, which makes an exception for each file that
   * is missing. With many volumes that takes longer than all calls of the system.
   */
  public static boolean of(Path file) {
    try {
      return file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class)
          == null;
    } catch (IOException _) {
      return false; // It may be there.
    }
  }
}
