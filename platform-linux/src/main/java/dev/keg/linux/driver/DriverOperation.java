package dev.keg.linux.driver;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A driver's operation on a volume; what fails in it is told with what was being done. */
public record DriverOperation(String operation, VolumeName volume) {
  /** What can fail. */
  @FunctionalInterface
  public interface Step {
    void run() throws ErrnoException, ToolException, IOException;
  }

  /** What can fail, and else gives a result. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws ErrnoException, ToolException, IOException;
  }

  public void run(String what, Step step) {
    boolean _ =
        get(
            what,
            () -> {
              step.run();
              return true;
            });
  }

  public <T> T get(String what, Work<T> work) {
    try {
      return work.run();
    } catch (ErrnoException e) {
      throw failed(what, e.reason(), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      throw failed(what, String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    } catch (IOException e) {
      throw failed(what, FileFailures.reason(e), null, e);
    }
  }

  /** The failure; what undoing could not undo either goes with it. */
  public DriverFailed failed(
      String what, String why, @Nullable String hint, @Nullable Throwable cause) {
    DriverFailed failure =
        new DriverFailed(operation, volume.text(), what + ": " + why, hint, cause);
    if (cause != null) {
      for (Throwable suppressed : cause.getSuppressed()) {
        failure.addSuppressed(suppressed);
      }
    }
    return failure;
  }

  /** Undoes something because of the failure, and throws that. */
  public static <T extends Exception> void undo(T failure, Runnable undoing) {
    try {
      undoing.run();
    } catch (DriverFailed e) {
      failure.addSuppressed(e);
    }
  }
}
