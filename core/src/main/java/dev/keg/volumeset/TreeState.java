package dev.keg.volumeset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files in a directory at one moment; a later state differs if anybody wrote. A file that
 * appeared and vanished makes no difference, nor does moving all files to another directory.
 */
record TreeState(Map<String, FileState> files) {
  TreeState {
    files = Map.copyOf(files);
  }

  private record FileState(@Nullable Object key, long size, @Nullable FileTime modified) {
    static FileState of(BasicFileAttributes attributes) {
      return attributes.isDirectory()
          ? new FileState(attributes.fileKey(), 0, null)
          : new FileState(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }
  }

  static TreeState of(Path directory) throws IOException {
    Map<String, FileState> files = new HashMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths.skip(1)::iterator) {
        var attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        files.put(directory.relativize(path).toString(), FileState.of(attributes));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new TreeState(files);
  }
}
