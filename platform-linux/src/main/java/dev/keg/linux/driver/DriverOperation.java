package dev.keg.linux.driver;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** A driver's operation on a volume; turns failures into errors that name both. */
public record DriverOperation(String name, VolumeName volume) {
  /** Work that can fail. */
  @FunctionalInterface
  public interface Action {
    void run() throws ErrnoException, ToolException, IOException;
  }

  /** Work that can fail and returns a result. */
  @FunctionalInterface
  public interface Call<T> {
    T run() throws ErrnoException, ToolException, IOException;
  }

  public void run(Action action) {
    boolean _ = get(() -> done(action));
  }

  /** Runs the action; an error names the failed step. */
  public void run(String step, Action action) {
    boolean _ = get(step, () -> done(action));
  }

  private static boolean done(Action action) throws ErrnoException, ToolException, IOException {
    action.run();
    return true;
  }

  public <T> T get(Call<T> call) {
    try {
      return call.run();
    } catch (ErrnoException e) {
      throw failed(String.valueOf(e.getMessage()), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      throw failed(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    } catch (FileSystemException e) {
      throw failed(e.getFile() + ": " + FileFailures.reason(e), null, e);
    } catch (IOException e) {
      throw failed(e.getMessage() == null ? e.toString() : e.getMessage(), null, e);
    }
  }

  /** Runs the call; an error names the failed step. */
  public <T> T get(String step, Call<T> call) {
    try {
      return call.run();
    } catch (ErrnoException e) {
      throw failed(step, e.reason(), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      throw failed(step, String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    } catch (IOException e) {
      throw failed(step, FileFailures.reason(e), null, e);
    }
  }

  public DriverFailed failed(
      String step, String why, @Nullable String hint, @Nullable Throwable cause) {
    return failed(step + ": " + why, hint, cause);
  }

  /** The error, with the failures of rollback steps that are suppressed in its cause. */
  private DriverFailed failed(String why, @Nullable String hint, @Nullable Throwable cause) {
    DriverFailed failure = new DriverFailed(name, volume.text(), why, hint, cause);
    if (cause != null) {
      for (Throwable suppressed : cause.getSuppressed()) {
        failure.addSuppressed(suppressed);
      }
    }
    return failure;
  }

  /**
   * Rolls something back after a failure; if that fails too, its exception is suppressed in the
   * first one.
   */
  public static <T extends Exception> void undo(T failure, Runnable undoing) {
    try {
      undoing.run();
    } catch (DriverFailed e) {
      failure.addSuppressed(e);
    }
  }
}
