package dev.keg.linux.driver;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A piece of a file that is there; what lies between two of them is a hole. */
public record Extent(long at, long length) {
  /** All of a file's, in order. */
  public static List<Extent> of(Path path, FileSystemCalls files) throws ErrnoException {
    List<Extent> extents = new ArrayList<>();
    try (Fd file = files.open(path, OpenMode.READ)) {
      for (long at = 0; ; ) {
        long data = files.nextData(file, at);
        at = files.nextHole(file, data);
        extents.add(new Extent(data, at - data));
      }
    } catch (ErrnoException e) {
      // Behind the last one.
      if (e.errno() == Errno.ENXIO) {
        return extents;
      }
      throw e;
    }
  }
}
