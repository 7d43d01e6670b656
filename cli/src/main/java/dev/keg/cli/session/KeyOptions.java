package dev.keg.cli.session;

import dev.keg.config.Config;
import dev.keg.config.Config.Scope;
import dev.keg.config.Config.Setting;
import dev.keg.config.ConfigKey;
import java.util.Map;
import java.util.Optional;

/**
 * The sources of keys and pass phrases.
 *
 * @param descriptor has a pass phrase per line
 * @param file has the key of repositories
 * @param command prints the key
 * @param asks whether a person may be asked
 * @param variable whether the file or the command comes from a variable or the configuration
 */
record KeyOptions(
    Optional<Integer> descriptor,
    Optional<String> file,
    Optional<String> command,
    boolean asks,
    boolean variable) {
  /**
   * Adds the values of variables and the configuration for missing options; a descriptor counts as
   * an option.
   */
  KeyOptions with(Map<String, String> variables, Config config) {
    if (file.isPresent() || command.isPresent() || descriptor.isPresent()) {
      return this;
    }
    Optional<Setting> inFile = config.find(ConfigKey.KEY_FILE);
    Optional<String> printed =
        Optional.ofNullable(variables.get("KEG_KEY_COMMAND")).filter(text -> !text.isBlank());
    WrongUse.throwIf(
        inFile.filter(found -> found.scope() == Scope.ENVIRONMENT).isPresent()
            && printed.isPresent(),
        "conflicting variables: KEG_KEY_FILE and KEG_KEY_COMMAND");
    return printed.isPresent()
        ? new KeyOptions(descriptor, Optional.empty(), printed, asks, true)
        : new KeyOptions(descriptor, inFile.map(Setting::value), printed, asks, true);
  }
}
