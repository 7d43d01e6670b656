package dev.keg.backup.store.ssh;

import java.util.List;

/** One run of a script; the arguments do not include the repository's directory. */
record ScriptCall(String operation, RemoteScript script, List<String> arguments) {
  static ScriptCall of(String operation, RemoteScript script, String... arguments) {
    return new ScriptCall(operation, script, List.of(arguments));
  }
}
