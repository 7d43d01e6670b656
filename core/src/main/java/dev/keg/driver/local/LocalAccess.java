package dev.keg.driver.local;

import dev.keg.driver.DriverOptions;
import java.nio.file.Path;

/** Who may use the directory of a volume, on a system that has more than owners and modes. */
public interface LocalAccess {
  /** A system whose volumes are for who creates them. */
  LocalAccess NONE =
      new LocalAccess() {
        @Override
        public void validate(DriverOptions options) {}

        @Override
        public void apply(String operation, DriverOptions options, Path directory) {}
      };

  /** Refuses options that cannot be applied; looks nothing up. */
  void validate(DriverOptions options);

  /**
   * Called for the directory of a new volume, and for one that will take its place: it is empty,
   * and nobody else sees it.
   */
  void apply(String operation, DriverOptions options, Path directory);
}
