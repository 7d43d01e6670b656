package dev.keg.windows.driver;

import dev.keg.driver.CreateRequest;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.volume.Ownership;

/** Windows has no numbers for owners and no modes; to take and drop them would be a lie. */
public final class WindowsOwnership {
  private WindowsOwnership() {}

  /** Refuses a request for them. */
  public static void refuse(CreateRequest request) {
    if (!request.ownership().equals(Ownership.DEFAULT)) {
      throw new NotSupported(
          "create",
          request.volume().name().text(),
          "Windows has neither uid, gid nor mode: a volume is for its owner and administrators");
    }
  }
}
