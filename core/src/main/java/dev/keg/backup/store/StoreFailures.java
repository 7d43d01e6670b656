package dev.keg.backup.store;

import dev.keg.error.BackupException.RepositoryFailed;
import org.jspecify.annotations.Nullable;

/** Turns failures of a store into errors of the catalogue. */
public final class StoreFailures {
  private StoreFailures() {}

  /** Work on a store. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T run() throws StoreException;
  }

  /** Work on a store without a result. */
  @FunctionalInterface
  public interface Step {
    void run() throws StoreException;
  }

  public static void run(Step step) {
    try {
      step.run();
    } catch (StoreException e) {
      throw failure(e);
    }
  }

  public static <T extends @Nullable Object> T translate(Work<T> work) {
    try {
      return work.run();
    } catch (StoreException e) {
      throw failure(e);
    }
  }

  public static RepositoryFailed failure(StoreException e) {
    return new RepositoryFailed(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
  }
}
