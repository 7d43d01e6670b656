package dev.keg.config;

import dev.keg.driver.Drivers;
import dev.keg.error.InvalidInput.InvalidConfig;
import dev.keg.file.AtomicFile;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.VolumeRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * A change of a key in a configuration file. Concurrent changes are both made; a killed one leaves
 * the old file or the new one.
 */
public record ConfigChange(ConfigKey key, Optional<String> value) {
  private static final String LOCK = "@config";

  /** The change; refuses an unknown driver, which every {@code create} would refuse. */
  public static ConfigChange of(ConfigKey key, Optional<String> value, Drivers drivers) {
    if (key == ConfigKey.DRIVER) {
      value
          .filter(name -> drivers.factory(name).isEmpty())
          .ifPresent(
              name -> {
                throw drivers.unknown("config", key.toString(), name);
              });
    }
    return new ConfigChange(key, value);
  }

  /** Changes the file in the root, and returns its path. */
  public Path ofMachine(VolumeRegistry registry) {
    registry.openForWriting();
    Path path = registry.layout().config();
    try (var _ = registry.lock().lockContainer(LOCK)) {
      byte[] content = ConfigFile.read(path, true).with(key, value).content();
      registry.files().writeForRoot(LOCK, path, content);
    }
    return path;
  }

  /** Changes the user's file, and returns its path; lock and draft are beside it. */
  public Path ofUser(Optional<Path> file, DirectorySync sync) {
    Path path =
        file.orElseThrow(
            () -> new InvalidConfig("there is no home directory", "set XDG_CONFIG_HOME or HOME"));
    FileFailures.run("change", path, () -> change(path, sync));
    return path;
  }

  private void change(Path path, DirectorySync sync) throws IOException {
    Files.createDirectories(path.resolveSibling(""), CreationMode.ownersDirectory(path));
    // A link leads to where the operator keeps such files.
    Path target = Files.exists(path) ? path.toRealPath() : path;
    Path lock = target.resolveSibling(target.getFileName() + ".lock");
    Path draft = target.resolveSibling(target.getFileName() + ".new");
    try (FileChannel channel =
            FileChannel.open(
                lock,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                CreationMode.ownersFile(lock));
        var _ = channel.lock()) {
      byte[] content = ConfigFile.read(path, false).with(key, value).content();
      Files.deleteIfExists(draft);
      AtomicFile.replace(target, draft, content, sync);
    }
  }
}
