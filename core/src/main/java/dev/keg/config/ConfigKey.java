package dev.keg.config;

import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.replica.RegistryStores;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.error.InvalidInput.InvalidConfig;
import dev.keg.error.Suggestion;
import dev.keg.volume.PoolName;
import java.nio.file.FileSystem;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of the configuration. */
public enum ConfigKey {
  /** When messages and tables are coloured. */
  COLOUR("colour", "KEG_COLOUR"),
  /** The driver of a volume that {@code create} makes. */
  DRIVER("driver", ""),
  /** Patterns of files that backups exclude, separated by commas. */
  EXCLUDE("exclude", ""),
  /** The name of this host in backups and in shared registries. */
  HOST("host", "KEG_HOST"),
  /** Which backups to keep, such as {@code daily=7,weekly=4}. */
  KEEP("keep", ""),
  /** A file with the key or the pass phrase of repositories. */
  KEY_FILE("key-file", "KEG_KEY_FILE"),
  /** The compression level of zstd. */
  LEVEL("level", ""),
  /** The pool of a volume that {@code create} makes. */
  POOL("pool", ""),
  /** The repository of commands that do not name one. */
  REPOSITORY("repository", "KEG_REPOSITORY"),
  /** The directory of the volumes; only valid in the user's file. */
  ROOT("root", "KEG_ROOT");

  private final String text;
  private final String variable;

  ConfigKey(String text, String variable) {
    this.text = text;
    this.variable = variable;
  }

  public static ConfigKey parse(String text) {
    return Arrays.stream(values())
        .filter(key -> key.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidConfig(
                    "unknown key '" + text + "'",
                    Suggestion.before(
                        allKeys(), text, Arrays.stream(values()).map(ConfigKey::toString))));
  }

  /** Lists the keys for messages. */
  static String allKeys() {
    return Arrays.stream(values())
        .map(ConfigKey::toString)
        .collect(Collectors.joining(", ", "the keys are ", ""));
  }

  /** The variable that takes precedence over the files; empty if there is none. */
  Optional<String> variable() {
    return Optional.of(variable).filter(name -> !name.isEmpty());
  }

  /** Whether the key is valid in the root's file. */
  boolean isOfMachine() {
    return this != ROOT;
  }

  /** Refuses a value that no command could use. */
  void check(String value, FileSystem files) {
    requireThat(!value.isBlank(), "the value is empty", "remove it with --unset");
    switch (this) {
      case DRIVER, HOST, EXCLUDE -> {}
      case COLOUR -> {
        var _ = ColourUse.parse(value);
      }
      case KEEP -> {
        var _ = RetentionPolicy.parse(value);
      }
      case POOL -> {
        var _ = new PoolName(value);
      }
      case LEVEL -> {
        var _ = level(value);
      }
      case KEY_FILE -> requireAbsolute(value, files);
      case ROOT -> {
        if (!RegistryStores.isAddress(value)) {
          requireAbsolute(value, files);
        }
      }
      case REPOSITORY -> {
        Repositories.requireAddress(value, files);
        if (!value.contains("://")) {
          requireAbsolute(value, files);
        }
      }
    }
  }

  // The same file is read in whatever directory a command runs.
  private void requireAbsolute(String value, FileSystem files) {
    requireThat(
        files.getPath(value).isAbsolute(),
        "'" + value + "' is not an absolute path",
        "such as " + files.getPath(value).toAbsolutePath().normalize());
  }

  /** Parses a level. */
  static int level(String text) {
    requireThat(
        text.matches("[1-9]\\d?") && Integer.parseInt(text) <= Zstd.MAX_LEVEL,
        "'" + text + "' is not a number from 1 to " + Zstd.MAX_LEVEL,
        null);
    return Integer.parseInt(text);
  }

  /** Splits a text at its commas. */
  static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static void requireThat(boolean holds, String otherwise, @Nullable String hint) {
    if (!holds) {
      throw new InvalidConfig(otherwise, hint);
    }
  }

  /** Its name in configuration files. */
  @Override
  public String toString() {
    return text;
  }
}
