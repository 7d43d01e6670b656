package dev.keg.cli;

import dev.keg.cli.session.Version;
import dev.keg.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keg as a plugin of docker's command line: {@code docker keg ls} starts {@code docker-keg keg ls},
 * with docker's own flags in front of the word {@code keg} if there are any.
 */
final class DockerPlugin {
  /** Docker runs it before each command, to learn whether this is a plugin. */
  static final String METADATA = "docker-cli-plugin-metadata";

  /** Docker runs it after commands that its configuration names. */
  private static final String HOOKS = "docker-cli-plugin-hooks";

  private static final String COMPLETE = "__complete";
  private static final String NAME = "keg";

  /** A variable that only docker sets. */
  private static final String SIGN = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND";

  /** Docker's own flags that take a value. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-c",
          "--context",
          "-H",
          "--host",
          "-l",
          "--log-level",
          "--config",
          "--tlscacert",
          "--tlscert",
          "--tlskey");

  private DockerPlugin() {}

  static boolean asksForMetadata(String... arguments) {
    return arguments.length == 1 && arguments[0].equals(METADATA);
  }

  static String metadata() {
    return new JsonObject()
        .put("SchemaVersion", "0.1.0")
        .put("Vendor", "The Keg developers")
        .put("Version", Version.read().number())
        .put("ShortDescription", "Persistent volumes without a daemon")
        .line();
  }

  /** The command line in Keg's form. */
  static String[] words(Map<String, String> variables, String... arguments) {
    if (arguments.length > 1 && arguments[0].equals(COMPLETE) && arguments[1].equals(NAME)) {
      return Stream.concat(Stream.of(COMPLETE, "--docker", "--"), Arrays.stream(arguments).skip(2))
          .toArray(String[]::new);
    }
    boolean direct = arguments.length > 0 && arguments[0].equals(NAME);
    if (!direct && !variables.containsKey(SIGN)) {
      return arguments;
    }
    int name = position(arguments);
    if (name < 0) {
      return arguments;
    }
    String[] words = Arrays.copyOfRange(arguments, name + 1, arguments.length);
    if (words.length > 0 && words[0].equals(HOOKS)) {
      words[0] = "__hooks";
    }
    return words;
  }

  /**
   * The position of the name after docker's flags; -1 for a command line that is not from docker.
   */
  private static int position(String... arguments) {
    int at = 0;
    while (at < arguments.length && arguments[at].startsWith("-")) {
      at += WITH_VALUE.contains(arguments[at]) ? 2 : 1;
    }
    return at < arguments.length && arguments[at].equals(NAME) ? at : -1;
  }
}
