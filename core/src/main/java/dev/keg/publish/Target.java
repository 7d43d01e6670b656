package dev.keg.publish;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A requested place for a mount.
 *
 * @param rootfs the root directory of the path, which no link can leave; absent for a path of the
 *     host
 * @param path absolute
 */
public record Target(@Nullable Path rootfs, String path) {
  public static Target onHost(String path) {
    return new Target(null, path);
  }

  public static Target below(Path rootfs, String path) {
    return new Target(rootfs, path);
  }

  public Optional<Path> root() {
    return Optional.ofNullable(rootfs);
  }
}
