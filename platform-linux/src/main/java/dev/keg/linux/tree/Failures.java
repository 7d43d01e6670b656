package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.FileFailure.Refusal;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;

/** Turns failed calls into errors for backup and restore. */
final class Failures {
  private Failures() {}

  static FileFailure of(String operation, String path, ErrnoException e) {
    return of(operation, path, e.reason(), e);
  }

  /** The same with a reason other than the C library's. */
  static FileFailure of(String operation, String path, String why, ErrnoException e) {
    Refusal refusal =
        switch (e.errno()) {
          case Errno.EACCES -> Refusal.PERMISSION_DENIED;
          case Errno.ENOSPC, Errno.EDQUOT -> Refusal.NO_SPACE;
          case Errno.EROFS -> Refusal.READ_ONLY;
          default -> Refusal.OTHER;
        };
    return new FileFailure(operation, path, why, refusal, e);
  }
}
