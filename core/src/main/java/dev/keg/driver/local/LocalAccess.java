package dev.keg.driver.local;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DriverOptions;

/** Who may use the directory of a volume, on a system that has more than owners and modes. */
public interface LocalAccess {
  /** A system whose volumes are for who creates them. */
  LocalAccess NONE =
      new LocalAccess() {
        @Override
        public void validate(DriverOptions options) {}

        @Override
        public void apply(CreateRequest request) {}
      };

  /** Refuses options that cannot be applied; looks nothing up. */
  void validate(DriverOptions options);

  /** Called once for a new directory, which is empty and which nobody else sees. */
  void apply(CreateRequest request);
}
