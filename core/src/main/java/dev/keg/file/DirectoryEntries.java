package dev.keg.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The entries of a directory, read at once. */
public final class DirectoryEntries {
  private DirectoryEntries() {}

  /** The entries in no particular order; none if there is no such directory. */
  public static List<Path> of(Path directory) throws IOException {
    return read(directory, entry -> entry);
  }

  /**
   * Only their names, which take a fraction of the memory. To find the last name of a path, Java
   * would note where each of them begins.
   */
  public static List<String> names(Path directory) throws IOException {
    String separator = directory.getFileSystem().getSeparator();
    return read(
        directory,
        entry -> {
          String path = entry.toString();
          return path.substring(path.lastIndexOf(separator) + 1);
        });
  }

  private static <T> List<T> read(Path directory, Function<Path, T> kept) throws IOException {
    if (Absence.of(directory)) {
      return List.of();
    }
    List<T> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entry -> entries.add(kept.apply(entry)));
    } catch (NoSuchFileException e) {
      return List.of(); // it has just been deleted
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }
}
