package dev.keg.file;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tests whether a file is missing, for callers that mostly expect that. */
public final class Absence {
  private Absence() {}

  /**
   * The same as {@link java.nio.file.Files#notExists}, which creates an exception for each missing
   * file. With many volumes, that takes longer than all system calls.
   */
  public static boolean of(Path file) {
    try {
      return file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class)
          == null;
    } catch (IOException _) {
      return false; // it may exist
    }
  }
}
