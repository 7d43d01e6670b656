package dev.keg.windows.driver;

import dev.keg.driver.CreateRequest;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.volume.Ownership;

/** Windows has no numeric owners and no modes, so a request for them is refused, not ignored. */
public final class WindowsOwnership {
  private WindowsOwnership() {}

  /** Refuses a request with an owner or a mode. */
  public static void refuse(CreateRequest request) {
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "Windows has neither uid, gid nor mode: a volume is for its owner and administrators");
    }
  }
}
