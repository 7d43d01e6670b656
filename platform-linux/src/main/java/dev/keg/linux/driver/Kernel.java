package dev.keg.linux.driver;

import dev.keg.driver.DriverContext;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.NativeFileSystemCalls;
import dev.keg.linux.kernel.NativeLoopCalls;
import dev.keg.linux.kernel.NativeMountCalls;
import dev.keg.linux.kernel.NativeQuotaCalls;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.Tools;
import java.util.Optional;

/** All that drivers have of this machine. Nothing is loaded before it is used. */
public record Kernel(
    Mounts mounts, LoopDevices loops, ProjectQuotas quotas, FileSystemCalls files, Tools tools) {

  public UserNamespaces users() {
    return new UserNamespaces(tools, files);
  }

  /** What to say where a driver cannot do without the program, and it is not installed. */
  public static Optional<String> lacks(String program) {
    return new InstalledTools(System.getenv(), _ -> {}).has(program)
        ? Optional.empty()
        : Optional.of(
            "%s is not installed; apt-get install %s"
                .formatted(program, Tool.of(program).debianPackage()));
  }

  public static Kernel open(DriverContext context) {
    var files = new NativeFileSystemCalls(context.debug());
    return new Kernel(
        new Mounts(new NativeMountCalls(context.debug()), files, ProcMounts::read),
        new LoopDevices(new NativeLoopCalls(context.debug()), files),
        new ProjectQuotas(new NativeQuotaCalls(context.debug()), files),
        files,
        new InstalledTools(context.environment(), context.debug()));
  }
}
