package dev.keg.mountspec;

import dev.keg.file.FileFailures;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The facts about the host on which Keg runs. */
public record LocalHost(FileSystem files) implements HostFacts {
  @Override
  public PathKind kind(String text) {
    Path path = files.getPath(text);
    return FileFailures.translate(
        "mount",
        path,
        () -> {
          try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory()
                ? PathKind.DIRECTORY
                : PathKind.OTHER;
          } catch (NoSuchFileException | NotDirectoryException e) {
            return PathKind.MISSING;
          }
        });
  }

  @Override
  public String workingDirectory() {
    return files.getPath("").toAbsolutePath().toString();
  }
}
