package dev.keg.linux.image;

import dev.keg.disk.DiskException;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the failures of files, calls and programs mean for a volume. */
final class ImageFailures {
  private ImageFailures() {}

  /** Work on a volume. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T run() throws IOException, ErrnoException, ToolException;
  }

  /** Work on a volume that gives nothing. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException, ErrnoException, ToolException;
  }

  static void run(String operation, VolumeName volume, Step step) {
    ImageFailures.<@Nullable Void>translate(
        operation,
        volume,
        () -> {
          step.run();
          return null;
        });
  }

  static <T extends @Nullable Object> T translate(
      String operation, VolumeName volume, Work<T> work) {
    try {
      return work.run();
    } catch (ErrnoException e) {
      throw failed(operation, volume, e.getMessage(), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      throw failed(operation, volume, e.getMessage(), e.hint().orElse(null), e);
    } catch (DiskException e) {
      throw failed(operation, volume, e.getMessage(), null, e);
    } catch (FileSystemException e) {
      throw failed(operation, volume, e.getFile() + ": " + FileFailures.reason(e), null, e);
    } catch (IOException e) {
      throw failed(operation, volume, e.getMessage(), null, e);
    }
  }

  private static VolumeException failed(
      String operation,
      VolumeName volume,
      @Nullable String why,
      @Nullable String hint,
      Throwable cause) {
    return new DriverFailed(
        operation, volume.text(), Objects.requireNonNullElse(why, cause.toString()), hint, cause);
  }
}
