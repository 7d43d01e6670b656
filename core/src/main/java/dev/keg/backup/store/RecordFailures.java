package dev.keg.backup.store;

import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.StoreRefused;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** Turns failures of a record store into errors of the catalogue. */
public final class RecordFailures {
  private RecordFailures() {}

  public static <T extends @Nullable Object> T translate(StoreFailures.Call<T> call) {
    try {
      return call.run();
    } catch (StoreException.Unavailable e) {
      throw new CutOff(String.valueOf(e.getMessage()), e);
    } catch (StoreException e) {
      if (e.getCause() instanceof ConnectException) {
        throw new CutOff(String.valueOf(e.getMessage()), e); // a host without DNS is cut off, too
      }
      throw new StoreRefused(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
  }
}
