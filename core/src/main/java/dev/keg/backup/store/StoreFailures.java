package dev.keg.backup.store;

import dev.keg.error.BackupException.RepositoryFailed;
import org.jspecify.annotations.Nullable;

/** Turns failures of a store into errors of the catalogue. */
public final class StoreFailures {
  private StoreFailures() {}

  /** A call to a store that returns a result. */
  @FunctionalInterface
  public interface Call<T extends @Nullable Object> {
    T run() throws StoreException;
  }

  /** An action on a store. */
  @FunctionalInterface
  public interface Action {
    void run() throws StoreException;
  }

  public static void run(Action action) {
    try {
      action.run();
    } catch (StoreException e) {
      throw failure(e);
    }
  }

  public static <T extends @Nullable Object> T translate(Call<T> call) {
    try {
      return call.run();
    } catch (StoreException e) {
      throw failure(e);
    }
  }

  public static RepositoryFailed failure(StoreException e) {
    return new RepositoryFailed(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
  }
}
