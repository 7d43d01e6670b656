package dev.keg.cli.info;

import dev.keg.backup.replica.KnownRepositories.Known;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.Version;
import dev.keg.driver.DriverFactory;
import dev.keg.error.VolumeException;
import dev.keg.platform.SystemInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This installation.
 *
 * @param volumes the number of volumes; empty if the root cannot be read
 * @param problems why some facts are unknown; a broken root is a reason to report a bug
 */
public record Info(
    String version,
    String root,
    Optional<Integer> volumes,
    String hostName,
    String hostId,
    SystemInfo system,
    List<DriverFactory> drivers,
    List<Known> repositories,
    SortedMap<String, String> environment,
    List<String> problems) {
  /** Gathers everything; only reads files, without waiting for anything. */
  public static Info of(Session session) {
    List<String> problems = new ArrayList<>();
    return new Info(
        Version.read().text(),
        ask(problems, () -> session.registry().layout().root().toString()).orElse(""),
        ask(problems, () -> session.volumes().names().size()),
        ask(problems, () -> session.attachments().system().hostName()).orElse(""),
        ask(problems, () -> session.attachments().system().hostId()).orElse(""),
        session.platform().info(session.variables()),
        ask(problems, () -> List.copyOf(session.drivers().all())).orElse(List.of()),
        ask(problems, () -> session.knownRepositories().all()).orElse(List.of()),
        Variables.of(session.variables()),
        problems.stream().distinct().toList());
  }

  public String text() {
    return InfoText.of(this);
  }

  /** All fields, for JSON. */
  public SortedMap<String, @Nullable Object> document() {
    return InfoDocument.of(this);
  }

  private static <T> Optional<T> ask(List<String> problems, Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (VolumeException e) {
      problems.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
