package dev.keg.cli.session;

import dev.keg.config.Config;
import dev.keg.config.Config.Place;
import dev.keg.config.Config.Setting;
import dev.keg.config.ConfigKey;
import java.util.Map;
import java.util.Optional;

/**
 * Where keys and pass phrases come from.
 *
 * @param descriptor has a pass phrase in each line
 * @param file has the key of repositories
 * @param command prints it
 * @param asks whether somebody may be asked
 * @param variable whether the file or the command comes from a variable or the configuration
 */
record KeyOptions(
    Optional<Integer> descriptor,
    Optional<String> file,
    Optional<String> command,
    boolean asks,
    boolean variable) {
  /**
   * The same, with what the variables and the configuration say where no option does: a descriptor
   * is one.
   */
  KeyOptions with(Map<String, String> variables, Config config) {
    if (file.isPresent() || command.isPresent() || descriptor.isPresent()) {
      return this;
    }
    Optional<Setting> inFile = config.find(ConfigKey.KEY_FILE);
    Optional<String> printed =
        Optional.ofNullable(variables.get("KEG_KEY_COMMAND")).filter(text -> !text.isBlank());
    WrongUse.throwIf(
        inFile.filter(found -> found.place() == Place.ENVIRONMENT).isPresent()
            && printed.isPresent(),
        "conflicting variables: KEG_KEY_FILE and KEG_KEY_COMMAND");
    return printed.isPresent()
        ? new KeyOptions(descriptor, Optional.empty(), printed, asks, true)
        : new KeyOptions(descriptor, inFile.map(Setting::value), printed, asks, true);
  }
}
