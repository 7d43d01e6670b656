package dev.keg.driver.local;

import dev.keg.driver.DriverOptions;
import java.nio.file.Path;

/** Access to the directory of a volume, on a system that has more than owners and modes. */
public interface LocalAccess {
  /** A system without further access control. */
  LocalAccess NONE =
      new LocalAccess() {
        @Override
        public void validate(DriverOptions options) {}

        @Override
        public void apply(String operation, DriverOptions options, Path directory) {}
      };

  /** Refuses options that cannot be applied, without looking anything up. */
  void validate(DriverOptions options);

  /**
   * Called for the directory of a new volume, and for one that will replace it: it is empty, and
   * nobody else sees it.
   */
  void apply(String operation, DriverOptions options, Path directory);
}
