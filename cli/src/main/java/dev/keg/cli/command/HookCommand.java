package dev.keg.cli.command;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.error.InvalidInput.InvalidRequest;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * Answers docker's command line after {@code docker volume rm}, if its configuration requests it:
 * what to do next. Keg names the newest backup of the removed volume. Docker does not pass on its
 * name, so it is read from docker's own command line.
 */
@Command(name = "__hooks", customSynopsis = "keg __hooks JSON")
public final class HookCommand implements Runnable {
  private static final Set<String> REMOVAL = Set.of("rm", "remove");

  @ParentCommand private Keg keg;

  @Parameters(arity = "1", paramLabel = "JSON")
  private String event;

  @Override
  public void run() {
    Map<String, Object> fields = parse(event);
    String failure = String.valueOf(fields.getOrDefault("CommandError", ""));
    // Nobody can be asked for a pass phrase here.
    Session session = keg.session(Optional.empty());
    List<VolumeName> removed = removed(session.callersArguments());
    Optional<String> location =
        RepositoryOptions.usual(session).or(() -> session.knownRepositories().only());
    if (!failure.isEmpty() || removed.isEmpty() || location.isEmpty()) {
      return;
    }
    try (Repository repository = session.repositories().open(location.get())) {
      String text = text(repository.list(), removed, location.get());
      if (!text.isEmpty()) {
        session
            .streams()
            .out()
            .print(new JsonObject().put("Type", 0L).put("Template", text).line());
      }
    }
  }

  private static Map<String, Object> parse(String json) {
    try {
      return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidDocument e) {
      throw new InvalidRequest(String.valueOf(e.getMessage()));
    }
  }

  /** The volumes in {@code docker [FLAGS] volume rm [-f] VOLUME...}. */
  static List<VolumeName> removed(List<String> arguments) {
    int at = arguments.indexOf("volume") + 1;
    return at > 0 && at < arguments.size() && REMOVAL.contains(arguments.get(at))
        ? arguments.stream()
            .skip(at + 1L)
            .filter(argument -> !argument.startsWith("-"))
            .flatMap(argument -> VolumeName.lookup(argument).stream())
            .distinct()
            .toList()
        : List.of();
  }

  static String text(BackupCatalog catalog, List<VolumeName> removed, String location) {
    return removed.stream()
        .flatMap(name -> catalog.newest(name).stream())
        .map(backup -> line(backup, location))
        .collect(Collectors.joining("\n"));
  }

  private static String line(Backup backup, String location) {
    return "Keg's newest backup of %s is of %s: keg restore --from '%s' %1$s"
        .formatted(
            backup.record().volume().name(),
            backup.record().started(),
            location.replace("'", "'\\''").replace("{{", "{ {"));
  }
}
