package dev.keg.cli.session;

import dev.keg.config.Config;
import dev.keg.config.ConfigKey;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The root that a command works on: of a flag, else of the configuration, else the usual one. */
final class ChosenRoot {
  private final Optional<String> given;
  private final Environment environment;
  private final Config config;
  private @Nullable Path path;

  ChosenRoot(Optional<String> given, Environment environment, Config config) {
    this.given = given;
    this.environment = environment;
    this.config = config;
  }

  boolean isGiven() {
    return given.isPresent();
  }

  // Looked up late: a mistake in a file of the configuration is none of help's.
  Path path() {
    if (path == null) {
      path =
          given
              .or(() -> config.value(ConfigKey.ROOT))
              .map(text -> environment.files().getPath(text))
              .orElseGet(environment::defaultRoot)
              .toAbsolutePath()
              .normalize();
    }
    return path;
  }
}
