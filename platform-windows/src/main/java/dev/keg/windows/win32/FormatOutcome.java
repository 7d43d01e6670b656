package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.Fmifs;
import java.util.Optional;

/** Collects the reports of a format, which has failed unless a report announces success. */
final class FormatOutcome implements Fmifs.FormatCallback {
  private boolean done;
  private Optional<Win32Exception.Cause> failure = Optional.empty();

  @Override
  public byte callback(int command, int modifier, Pointer argument) {
    if (command == Fmifs.FCC_DONE) {
      done = argument.getByte(0) != 0;
    } else if (failure.isEmpty()) {
      failure = cause(command);
    }
    return 1;
  }

  /** The failure that a command reports; most commands only report progress. */
  private static Optional<Win32Exception.Cause> cause(int command) {
    return Optional.ofNullable(
        switch (command) {
          case Fmifs.FCC_INCOMPATIBLE_FILE_SYSTEM ->
              of(Win32Error.NOT_SUPPORTED, "this Windows does not format with this file system");
          case Fmifs.FCC_INCOMPATIBLE_MEDIA ->
              of(Win32Error.NOT_SUPPORTED, "this file system does not fit the disk");
          case Fmifs.FCC_ACCESS_DENIED -> of(Win32Error.ACCESS_DENIED);
          case Fmifs.FCC_MEDIA_WRITE_PROTECTED -> of(Win32Error.WRITE_PROTECT);
          case Fmifs.FCC_CANNOT_LOCK -> of(Win32Error.SHARING_VIOLATION);
          case Fmifs.FCC_CANNOT_QUICK_FORMAT ->
              of(Win32Error.GEN_FAILURE, "a quick format is not possible");
          case Fmifs.FCC_IO_ERROR -> of(Win32Error.GEN_FAILURE, "the disk cannot be written to");
          case Fmifs.FCC_BAD_LABEL ->
              of(Win32Error.INVALID_PARAMETER, "the file system does not allow the label");
          case Fmifs.FCC_CLUSTER_SIZE_TOO_SMALL ->
              of(Win32Error.INVALID_PARAMETER, "the clusters are too small");
          case Fmifs.FCC_CLUSTER_SIZE_TOO_BIG ->
              of(Win32Error.INVALID_PARAMETER, "the clusters are too large");
          case Fmifs.FCC_VOLUME_TOO_SMALL ->
              of(Win32Error.INVALID_PARAMETER, "the disk is too small for the file system");
          case Fmifs.FCC_VOLUME_TOO_BIG ->
              of(Win32Error.INVALID_PARAMETER, "the disk is too large for the file system");
          default -> null;
        });
  }

  private static Win32Exception.Cause of(int code) {
    return of(code, Win32Error.message(code));
  }

  private static Win32Exception.Cause of(int code, String words) {
    return new Win32Exception.Cause(code, words);
  }

  void check(String call, String target) throws Win32Exception {
    if (!done || failure.isPresent()) {
      throw new Win32Exception(call, target, failure.orElse(of(Win32Error.GEN_FAILURE)));
    }
  }
}
