package dev.keg.cli;

import dev.keg.cli.session.Version;
import dev.keg.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keg as a plugin of docker's command line: {@code docker keg ls} starts {@code docker-keg keg ls},
 * with docker's own flags in front of the word {@code keg} if there are any.
 */
final class DockerPlugin {
  /** Asked before each command, to learn whether this is a plugin. */
  static final String METADATA = "docker-cli-plugin-metadata";

  private static final String COMPLETE = "__complete";
  private static final String NAME = "keg";

  /** Only docker sets it. */
  private static final String SIGN = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND";

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

  /** The command line as Keg knows it. */
  static String[] words(Map<String, String> variables, String... arguments) {
    if (arguments.length > 1 && arguments[0].equals(COMPLETE) && arguments[1].equals(NAME)) {
      return Stream.concat(Stream.of(COMPLETE, "--docker", "--"), Arrays.stream(arguments).skip(2))
          .toArray(String[]::new);
    }
    boolean direct = arguments.length > 0 && arguments[0].equals(NAME);
    if (!direct && !variables.containsKey(SIGN)) {
      return arguments;
    }
    List<String> words = List.of(arguments);
    return words.subList(words.indexOf(NAME) + 1, words.size()).toArray(String[]::new);
  }
}
