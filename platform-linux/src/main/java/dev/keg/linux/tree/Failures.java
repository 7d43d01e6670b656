package dev.keg.linux.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.linux.kernel.ErrnoException;

/** Says what a failed call means to who backs up or restores. */
final class Failures {
  private Failures() {}

  static FileFailure of(String operation, String path, ErrnoException e) {
    return new FileFailure(operation, path, e.reason(), e);
  }
}
