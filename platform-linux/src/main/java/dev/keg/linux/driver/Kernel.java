package dev.keg.linux.driver;

import dev.keg.driver.DriverContext;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.kernel.NativeFileSystemCalls;
import dev.keg.linux.kernel.NativeLoopCalls;
import dev.keg.linux.kernel.NativeMountCalls;
import dev.keg.linux.kernel.NativeQuotaCalls;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.Tools;
import dev.keg.tree.FileKind.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The parts of this machine that drivers use. Nothing is loaded before its first use. */
public record Kernel(
    Mounts mounts, LoopDevices loops, ProjectQuotas quotas, FileSystemCalls files, Tools tools) {

  public UserNamespaces users() {
    return new UserNamespaces(tools, files);
  }

  /** Why a driver that needs the program is unavailable; empty if the program is installed. */
  public static Optional<String> lacks(String program) {
    return new InstalledTools(System.getenv(), _ -> {}).has(program)
        ? Optional.empty()
        : Optional.of(
            "%s is not installed; apt-get install %s"
                .formatted(program, Tool.of(program).debianPackage()));
  }

  /** The areas of a file that contain data, in order; the gaps are holes. */
  public List<Extent> dataOf(Path path) throws ErrnoException {
    List<Extent> extents = new ArrayList<>();
    try (Fd file = files.open(path, OpenMode.READ)) {
      for (long at = 0; ; ) {
        long data = files.nextData(file, at);
        at = files.nextHole(file, data);
        extents.add(new Extent(data, at - data));
      }
    } catch (ErrnoException e) {
      // No data follows.
      if (e.errno() == Errno.ENXIO) {
        return extents;
      }
      throw e;
    }
  }

  /** Allocates all blocks of a file, so that writing to it cannot fail for lack of space. */
  public void fill(Path path) throws ErrnoException, IOException {
    try (Fd file = files.open(path, OpenMode.READ_WRITE)) {
      files.allocate(file, Files.size(path));
    }
  }

  /** Makes and removes mounts; each call is reported to debug. */
  public static Mounts mounts(Consumer<String> debug) {
    return new Mounts(
        new NativeMountCalls(debug), new NativeFileSystemCalls(debug), ProcMounts::read);
  }

  public static Kernel open(DriverContext context) {
    var files = new NativeFileSystemCalls(context.debug());
    return new Kernel(
        mounts(context.debug()),
        new LoopDevices(new NativeLoopCalls(context.debug()), files),
        new ProjectQuotas(new NativeQuotaCalls(context.debug()), files),
        files,
        new InstalledTools(context.environment(), context.debug(), context.work()));
  }
}
