package dev.keg.config;

import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.error.InvalidInput.InvalidConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The defaults of options: a variable takes precedence over the user's file, which takes precedence
 * over the root's file. A file is read when the first key is looked up in it.
 */
public final class Config {
  private final Map<String, String> variables;
  private final Optional<Path> userFile;
  private final Supplier<Path> machineFile;
  private @Nullable ConfigFile user;
  private @Nullable ConfigFile machine;

  /**
   * @param userFile empty for a user without a home
   * @param machineFile called only once the root is known
   */
  public Config(
      Map<String, String> variables, Optional<Path> userFile, Supplier<Path> machineFile) {
    this.variables = Map.copyOf(variables);
    this.userFile = userFile;
    this.machineFile = machineFile;
  }

  /** The scope that a value comes from. */
  public enum Scope {
    ENVIRONMENT,
    USER,
    MACHINE
  }

  /**
   * A value.
   *
   * @param source the variable or the file, for messages
   */
  public record Setting(String value, Scope scope, String source) {}

  public Optional<Path> userFile() {
    return userFile;
  }

  public Optional<Setting> find(ConfigKey key) {
    return inVariable(key).or(() -> ofUser(key)).or(() -> ofMachine(key));
  }

  public Optional<String> value(ConfigKey key) {
    return find(key).map(Setting::value);
  }

  private Optional<Setting> inVariable(ConfigKey key) {
    return key.variable()
        .flatMap(
            name ->
                Optional.ofNullable(variables.get(name))
                    .filter(value -> !value.isBlank())
                    .map(value -> new Setting(value, Scope.ENVIRONMENT, "$" + name)));
  }

  private Optional<Setting> ofUser(ConfigKey key) {
    if (userFile.isEmpty()) {
      return Optional.empty();
    }
    if (user == null) {
      user = ConfigFile.read(userFile.get(), false);
    }
    return setting(user, key, Scope.USER);
  }

  private Optional<Setting> ofMachine(ConfigKey key) {
    if (!key.isOfMachine()) {
      return Optional.empty();
    }
    if (machine == null) {
      machine = ConfigFile.read(machineFile.get(), true);
    }
    return setting(machine, key, Scope.MACHINE);
  }

  private static Optional<Setting> setting(ConfigFile file, ConfigKey key, Scope scope) {
    return Optional.ofNullable(file.values().get(key))
        .map(value -> new Setting(value, scope, file.path().toString()));
  }

  /** The backups to keep; all by default. */
  public RetentionPolicy keep() {
    return value(ConfigKey.KEEP).map(RetentionPolicy::parse).orElse(RetentionPolicy.KEEP_ALL);
  }

  /** The patterns that backups exclude. */
  public List<String> exclusions() {
    return ConfigKey.list(value(ConfigKey.EXCLUDE).orElse(""));
  }

  /** When to colour output for people. */
  public ColourUse colour() {
    return find(ConfigKey.COLOUR).map(Config::colour).orElse(ColourUse.AUTO);
  }

  /** A problem with the variable, which commands without output do not examine. */
  public Optional<String> colourMistake() {
    try {
      var _ = inVariable(ConfigKey.COLOUR).map(Config::colour);
      return Optional.empty();
    } catch (InvalidConfig e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  // A value from a file was checked when the file was read.
  private static ColourUse colour(Setting setting) {
    try {
      return ColourUse.parse(setting.value());
    } catch (InvalidConfig e) {
      throw new InvalidConfig(setting.source() + ": " + e.getMessage(), null);
    }
  }

  public OptionalInt level() {
    return value(ConfigKey.LEVEL).stream().mapToInt(ConfigKey::level).findFirst();
  }
}
