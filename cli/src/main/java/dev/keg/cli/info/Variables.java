package dev.keg.cli.info;

import dev.keg.backup.replica.Repositories;
import dev.keg.volume.Options;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment variables that affect Keg. Shows only the values of those that are known to
 * contain no secret.
 */
final class Variables {
  private static final Set<String> PREFIXES = Set.of("KEG_", "AWS_");
  private static final Set<String> SHOWN =
      Set.of(
          "APPDATA",
          "AWS_CA_BUNDLE",
          "AWS_CONFIG_FILE",
          "AWS_DEFAULT_REGION",
          "AWS_ENDPOINT_URL",
          "AWS_MAX_ATTEMPTS",
          "AWS_PROFILE",
          "AWS_REGION",
          "AWS_SHARED_CREDENTIALS_FILE",
          "COMPOSE_PROJECT_NAME",
          "HOME",
          "KEG_COLOUR",
          "KEG_DATA",
          "KEG_DEBUG",
          "KEG_HOST",
          "KEG_KEY_FILE",
          "KEG_REPOSITORY",
          "KEG_ROOT",
          "LOCALAPPDATA",
          "NO_COLOR",
          "PATH",
          "ProgramData",
          "TEMP",
          "TERM",
          "TMPDIR",
          "USERPROFILE",
          "XDG_CONFIG_HOME",
          "XDG_DATA_HOME");

  private Variables() {}

  static SortedMap<String, String> of(Map<String, String> environment) {
    SortedMap<String, String> shown = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (SHOWN.contains(name)) {
            shown.put(name, Repositories.masked(value));
          } else if (PREFIXES.stream().anyMatch(name::startsWith)) {
            shown.put(name, Options.MASK);
          }
        });
    return Collections.unmodifiableSortedMap(shown);
  }
}
