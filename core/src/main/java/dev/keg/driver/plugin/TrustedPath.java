package dev.keg.driver.plugin;

import dev.keg.file.FileFailures;
import dev.keg.file.OwnUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Paths that only the superuser and the current user can redirect: they own every directory on the
 * way, and nobody else can rename entries in it.
 */
final class TrustedPath {
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  private TrustedPath() {}

  /** The file itself, without links, if it is trusted, too. */
  static Path ofFile(Path path) throws PluginException {
    Path real = ofDirectory(path);
    require(real, false);
    return real;
  }

  /** The directory without links, whoever owns it and its content. */
  static Path ofDirectory(Path path) throws PluginException {
    try {
      Path real = path.toRealPath();
      for (Path above = real.getParent(); above != null; above = above.getParent()) {
        require(above, true);
      }
      return real;
    } catch (PluginException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static void require(Path path, boolean directory) throws PluginException {
    int mode;
    try {
      mode = (int) Files.getAttribute(path, "unix:mode");
      Integer owner = owner(path);
      if (!owners(path).contains(owner)) {
        throw PluginException.unusable(
            "%s belongs to user %d, who could replace it".formatted(path, owner));
      }
    } catch (PluginException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    if (directory && (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
      throw PluginException.unusable(
          "other users can write to %s; chmod go-w %1$s".formatted(path));
    }
  }

  /** In a user namespace without its own mapping for root, the superuser appears as nobody. */
  private static Set<Integer> owners(Path path) throws IOException {
    Path root = Optional.ofNullable(path.getRoot()).orElse(path);
    Set<Integer> owners = new HashSet<>(List.of(0, owner(root)));
    OwnUser.id(path.getFileSystem()).ifPresent(owners::add);
    return owners;
  }

  private static Integer owner(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid");
  }

  private static PluginException unreadable(Path path, IOException e) {
    return PluginException.silent(path + ": " + FileFailures.reason(e), e);
  }
}
