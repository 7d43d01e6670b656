package dev.keg.linux.kernel;

import dev.keg.driver.DriverContext;
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
