package dev.keg.cli.session;

import dev.keg.backup.replica.RegistryStores;
import dev.keg.config.Config;
import dev.keg.config.ConfigKey;
import dev.keg.error.RegistryException.NoRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root that a command works on: from a flag, or else the configuration, or else the default.
 * For a shared registry, it is the directory of this host.
 */
public final class ChosenRoot {
  private final Options options;
  private final Environment environment;
  private final Config config;
  private @Nullable Path path;

  /**
   * The flags.
   *
   * @param root a directory, or the address of a shared registry
   * @param data the directory of this host
   */
  record Options(Optional<String> root, Optional<String> data) {}

  ChosenRoot(Options options, Environment environment, Config config) {
    this.options = options;
    this.environment = environment;
    this.config = config;
  }

  /** Whether a flag chose it. */
  public boolean isGiven() {
    return options.root().isPresent();
  }

  /** The error for an explicitly chosen root that does not exist. */
  public Optional<NoRegistry> missing() {
    return isGiven() && shared().isEmpty() && !Files.exists(path())
        ? Optional.of(new NoRegistry(path().toString()))
        : Optional.empty();
  }

  /** The address of the chosen shared registry, if any. */
  Optional<String> shared() {
    return chosen().filter(RegistryStores::isAddress);
  }

  private Optional<String> chosen() {
    return options.root().or(() -> config.value(ConfigKey.ROOT));
  }

  // Looked up late, so that a mistake in a configuration file does not affect help.
  Path path() {
    if (path == null) {
      WrongUse.throwIf(
          options.data().isPresent() && shared().isEmpty(),
          "--data applies only to a shared registry: --root s3://… or etcd://…");
      path =
          (shared().isPresent() ? data() : chosen().map(this::directory))
              .orElseGet(environment::defaultRoot)
              .toAbsolutePath()
              .normalize();
    }
    return path;
  }

  private Optional<Path> data() {
    return options
        .data()
        .or(() -> Optional.ofNullable(environment.variables().get("KEG_DATA")))
        .filter(text -> !text.isEmpty())
        .map(this::directory)
        .or(() -> Optional.of(environment.defaultRoot().resolve("host")));
  }

  private Path directory(String text) {
    return environment.files().getPath(text);
  }
}
