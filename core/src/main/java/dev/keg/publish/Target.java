package dev.keg.publish;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A requested place for a mount.
 *
 * @param owner the container that the mount is for; null for a mount made by hand
 * @param rootfs the root directory of the path, which no link can leave; null for a path of the
 *     host, or of a container that is known only by its name
 * @param path absolute
 */
public record Target(@Nullable String owner, @Nullable Path rootfs, String path) {
  public static Target onHost(String path) {
    return new Target(null, null, path);
  }

  public static Target below(Path rootfs, String path) {
    return new Target(null, rootfs, path);
  }

  public static Target in(String container, String path) {
    return new Target(container, null, path);
  }

  public Optional<String> container() {
    return Optional.ofNullable(owner);
  }

  public Optional<Path> root() {
    return Optional.ofNullable(rootfs);
  }
}
