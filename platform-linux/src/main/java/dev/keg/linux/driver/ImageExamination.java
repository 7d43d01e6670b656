package dev.keg.linux.driver;

import dev.keg.driver.Examines.Examined;
import dev.keg.linux.filesystem.LinuxFileSystem;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;

/**
 * Examines an image that nobody writes to. A writer that appears meanwhile is not blocked; instead,
 * the result is discarded, since it may show damage where there is none.
 */
public record ImageExamination(Kernel kernel, VolumeName volume, Path image) {
  private static final String IN_USE = "a device is attached to its image";

  /** Read-only work on the image. */
  @FunctionalInterface
  public interface ReadOnlyWork {
    Examined run() throws ErrnoException, ToolException, IOException;
  }

  private record Version(Optional<Object> file, long length, FileTime changed) {}

  /** Examines a file system at the start of the image. */
  public Examined of(LinuxFileSystem made, Duration limit)
      throws ErrnoException, ToolException, IOException {
    return unlessUsed(() -> examine(made, limit));
  }

  /** Does the work; the result counts only if the image did not change meanwhile. */
  public Examined unlessUsed(ReadOnlyWork work) throws ErrnoException, ToolException, IOException {
    if (kernel.loops().of(image).isPresent()) {
      return new Examined.Skipped(IN_USE);
    }
    Version before = version();
    Examined examined = work.run();
    boolean same = version().equals(before) && kernel.loops().of(image).isEmpty();
    return same || examined instanceof Examined.Sound
        ? examined
        : new Examined.Skipped("it was written to meanwhile");
  }

  private Version version() throws IOException {
    BasicFileAttributes now = Files.readAttributes(image, BasicFileAttributes.class);
    return new Version(Optional.ofNullable(now.fileKey()), now.size(), now.lastModifiedTime());
  }

  private Examined examine(LinuxFileSystem made, Duration limit) throws ToolException, IOException {
    return switch (made.examine(kernel.tools(), image, limit)) {
      case SOUND -> new Examined.Sound();
      case UNFINISHED ->
          new Examined.Skipped("it was not unmounted; mount it once to replay its journal");
      case DAMAGED ->
          new Examined.Flawed(
              "its %s file system is damaged".formatted(made.word()),
              "files are lost, or will be at the next write",
              "see `%s`; then `keg restore --replace %s`, or `%s`"
                  .formatted(made.programs(image).examine(), volume, made.programs(image).repair()),
              true);
    };
  }
}
