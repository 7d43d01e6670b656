package dev.keg.linux.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The file systems that the kernel has or can load. /proc/filesystems lists those that it has:
 *
 * <pre>
 * nodev	tmpfs
 * 	ext4
 * </pre>
 *
 * <p>and modules.dep of its release lists those that it can load:
 *
 * <pre>kernel/fs/nfs/nfs.ko.xz: kernel/net/sunrpc/sunrpc.ko.xz</pre>
 */
public final class KernelModules {
  private static final Path PROC = Path.of("/proc");
  private static final Path MODULES = Path.of("/lib/modules");

  private KernelModules() {}

  /** Why a file system of this type cannot be mounted now; empty if it can. */
  public static Optional<String> lack(String type) {
    return lack(type, PROC, MODULES);
  }

  static Optional<String> lack(String type, Path proc, Path modules) {
    try {
      if (has(proc.resolve("filesystems"), line -> line.endsWith("\t" + type))
          || canLoad(type, proc, modules)) {
        return Optional.empty();
      }
      return Optional.of(MissingFileSystem.meaning(type));
    } catch (IOException _) {
      return Optional.empty(); // hidden from a container; the mount itself reports what is missing
    }
  }

  /** Whether the kernel can load a module of that name, and has not done so yet. */
  public static boolean canLoad(String module) throws IOException {
    return canLoad(module, PROC, MODULES);
  }

  private static boolean canLoad(String type, Path proc, Path modules) throws IOException {
    String release = Files.readString(proc.resolve("sys/kernel/osrelease")).strip();
    Path list = modules.resolve(release).resolve("modules.dep");
    return Files.exists(list) && has(list, line -> line.contains("/" + type + ".ko"));
  }

  private static boolean has(Path file, Predicate<String> line) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.anyMatch(line);
    }
  }
}
