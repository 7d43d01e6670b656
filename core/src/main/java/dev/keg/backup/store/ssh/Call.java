package dev.keg.backup.store.ssh;

import java.util.List;

/** One run of a script; the arguments do not include the repository's directory. */
record Call(String operation, Script script, List<String> arguments) {
  static Call of(String operation, Script script, String... arguments) {
    return new Call(operation, script, List.of(arguments));
  }
}
