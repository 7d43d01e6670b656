package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.FileFailure.Refusal;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;

/** Says what a failed call means to who backs up or restores. */
final class Failures {
  private Failures() {}

  static FileFailure of(String operation, String path, ErrnoException e) {
    return of(operation, path, e.reason(), e);
  }

  /** The same in other words than the C library's. */
  static FileFailure of(String operation, String path, String why, ErrnoException e) {
    Refusal refusal =
        switch (e.errno()) {
          case Errno.EACCES -> Refusal.PERMISSION_DENIED;
          case Errno.ENOSPC -> Refusal.NO_SPACE;
          case Errno.EROFS -> Refusal.READ_ONLY;
          default -> Refusal.OTHER;
        };
    return new FileFailure(operation, path, why, refusal, e);
  }
}
