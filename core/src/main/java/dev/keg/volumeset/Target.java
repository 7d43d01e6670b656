package dev.keg.volumeset;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where something is wanted.
 *
 * @param rootfs what the path takes for {@code /}, so that no link leads out of it; absent for a
 *     path of the host
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
