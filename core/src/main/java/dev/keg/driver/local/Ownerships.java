package dev.keg.driver.local;

import dev.keg.driver.DriverOptions;
import dev.keg.volume.Ownership;
import java.util.OptionalLong;

/** Reads {@code uid}, {@code gid} and {@code mode} from a volume's options. */
final class Ownerships {
  private Ownerships() {}

  static Ownership of(DriverOptions options) {
    return new Ownership(id(options, "uid"), id(options, "gid"), options.mode("mode"));
  }

  /** The first one's values, completed with those of the second one. */
  static Ownership merge(Ownership first, Ownership second) {
    return new Ownership(
        first.uid().isPresent() ? first.uid() : second.uid(),
        first.gid().isPresent() ? first.gid() : second.gid(),
        first.mode().isPresent() ? first.mode() : second.mode());
  }

  private static OptionalLong id(DriverOptions options, String key) {
    OptionalLong id = options.number(key);
    if (id.isPresent() && (id.getAsLong() < 0 || id.getAsLong() > Ownership.MAX_ID)) {
      throw options.invalid(key, "a number up to " + Ownership.MAX_ID);
    }
    return id;
  }
}
