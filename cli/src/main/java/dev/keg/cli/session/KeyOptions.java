package dev.keg.cli.session;

import java.util.Map;
import java.util.Optional;

/**
 * Where keys and pass phrases come from.
 *
 * @param descriptor has a pass phrase in each line
 * @param file has the key of repositories
 * @param command prints it
 * @param asks whether somebody may be asked
 * @param variable whether the file or the command comes from a variable
 */
record KeyOptions(
    Optional<Integer> descriptor,
    Optional<String> file,
    Optional<String> command,
    boolean asks,
    boolean variable) {
  /** The same, with what the variables say where no option does. */
  KeyOptions with(Map<String, String> variables) {
    if (file.isPresent() || command.isPresent()) {
      return this;
    }
    Optional<String> inFile = variable(variables, "KEG_KEY_FILE");
    Optional<String> printed = variable(variables, "KEG_KEY_COMMAND");
    WrongUse.throwIf(
        inFile.isPresent() && printed.isPresent(),
        "conflicting variables: KEG_KEY_FILE and KEG_KEY_COMMAND");
    return new KeyOptions(descriptor, inFile, printed, asks, true);
  }

  private static Optional<String> variable(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(text -> !text.isBlank());
  }
}
