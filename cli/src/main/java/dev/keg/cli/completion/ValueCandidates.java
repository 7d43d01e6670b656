package dev.keg.cli.completion;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.output.InspectView;
import dev.keg.cli.output.VolumeColumns;
import dev.keg.cli.session.Session;
import dev.keg.config.ConfigKey;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.OptionDescriptor;
import dev.keg.error.VolumeException;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.pool.Pool;
import dev.keg.tuning.Setting;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The values of options and arguments: those listed in the model, and existing objects. */
final class ValueCandidates {
  private static final Set<String> FILES =
      Set.of(
          "FILE",
          "file",
          "directory",
          "DIRECTORY",
          "REPO",
          "REPO|FILE",
          "SOURCE",
          "TARGET",
          "SRC_PATH",
          "DEST_PATH");

  private final Session session;
  private final CommandWords words;

  ValueCandidates(Session session, CommandWords words) {
    this.session = session;
    this.words = words;
  }

  static boolean isFile(String label) {
    return FILES.contains(label);
  }

  List<Candidate> of(PositionalParamSpec parameter, List<String> given) {
    if (parameter.completionCandidates() != null) {
      List<Candidate> listed = listed(parameter.completionCandidates());
      return switch (words.command().name()) {
        case "help" -> Stream.concat(listed.stream(), commands(words.command().root())).toList();
        // An action comes first; volumes can be listed, and their backups browsed.
        case "backups" ->
            Stream.concat(given.isEmpty() ? listed.stream() : Stream.of(), volumes(given).stream())
                .toList();
        default -> listed;
      };
    }
    String label = parameter.paramLabel().toUpperCase(Locale.ROOT);
    if (label.equals("VM")) {
      Holders holders = new Holders(session);
      boolean known = words.command().name().equals("detach") && !given.isEmpty();
      return known ? holders.machinesWith(given.getFirst()) : holders.machines();
    }
    if (label.equals("REPO")) {
      return repositories();
    }
    if (label.endsWith("_PATH")) {
      return volumes(List.of()).stream()
          .map(volume -> Candidate.open(volume.word() + ":"))
          .toList();
    }
    // A new name must not exist yet.
    boolean existing = label.startsWith("VOLUME") && !isCreate();
    return existing ? volumes(given) : List.of();
  }

  List<Candidate> of(OptionSpec option, String current) {
    if (option.completionCandidates() != null) {
      return listed(option.completionCandidates());
    }
    return switch (option.longestName()) {
      case "--container" -> new Holders(session).containers();
      case "--like" -> volumes(List.of());
      case "--pool" -> pools().map(Candidate::of).toList();
      case "--scheduler" -> schedulers();
      case "--vm", "--attach" -> new Holders(session).machines();
      case "--driver" -> drivers();
      case "--opt" -> driverOptions(current);
      case "--label", "--label-add" -> labelKeys().map(key -> Candidate.open(key + "=")).toList();
      case "--label-rm" -> labelKeys().map(Candidate::of).toList();
      case "--by" ->
          Stream.concat(Stream.of("driver", "pool", "type"), labelKeys().map(key -> "label=" + key))
              .map(Candidate::of)
              .toList();
      case "--filter" -> filters(current);
      case "--format" -> formats(current);
      case "--from" -> isCreate() ? volumes(List.of()) : repositories();
      case "--repo" -> repositories();
      case "--to" -> isRestore() ? volumes(List.of()) : repositories();
      case "--at" -> backups();
      default -> List.of();
    };
  }

  /** The visible commands with their summaries. */
  static Stream<Candidate> commands(CommandSpec keg) {
    return keg.subcommands().entrySet().stream()
        .filter(entry -> entry.getKey().equals(entry.getValue().getCommandName()))
        .map(entry -> entry.getValue().getCommandSpec())
        .filter(command -> !command.usageMessage().hidden())
        .map(
            command ->
                Candidate.of(command.name(), String.join(" ", command.usageMessage().header())));
  }

  private static List<Candidate> listed(Iterable<String> words) {
    return StreamSupport.stream(words.spliterator(), false).map(Candidate::of).toList();
  }

  private List<Candidate> volumes(Collection<String> except) {
    return session.registry().names().stream()
        .map(VolumeName::text)
        .filter(name -> !except.contains(name))
        .map(Candidate::of)
        .toList();
  }

  /** The schedulers of the device below the line's volume. */
  private List<Candidate> schedulers() {
    return words.arguments().stream()
        .flatMap(text -> session.volumes().nameOf(text).stream())
        .flatMap(name -> session.registry().find(name).stream())
        .flatMap(
            volume ->
                session.tunings().look(volume, session.volumes().visible(volume.name())).stream())
        .filter(tuned -> tuned.setting() == Setting.SCHEDULER)
        .flatMap(tuned -> tuned.choices().stream())
        .map(Candidate::of)
        .toList();
  }

  private boolean isCreate() {
    return words.command().name().equals("create");
  }

  private boolean isInspect() {
    return words.command().name().equals("inspect");
  }

  private boolean isRestore() {
    return words.command().name().equals("restore");
  }

  private List<Candidate> repositories() {
    return Stream.concat(usual().stream(), session.knownRepositories().list().stream())
        .distinct()
        .map(Candidate::of)
        .toList();
  }

  private Optional<String> usual() {
    return RepositoryOptions.usual(session);
  }

  // Only for a directory, which answers at once: a shell must not hang because another machine does
  // not answer.
  private List<Candidate> backups() {
    String named = words.value("--from", words.value("--repo", ""));
    Optional<String> location =
        Optional.of(named)
            .filter(text -> !text.isEmpty())
            .or(this::usual)
            .or(() -> session.knownRepositories().only())
            .filter(text -> !text.contains("://"));
    if (location.isEmpty()) {
      return List.of();
    }
    Set<String> volumes = Set.copyOf(words.arguments());
    try (Repository repository = session.repositories().open(location.get())) {
      return Stream.concat(
              Stream.of(Candidate.of("latest")),
              repository.list().backups().stream()
                  .map(Backup::record)
                  .filter(b -> volumes.isEmpty() || volumes.contains(b.volume().name().text()))
                  .map(b -> Candidate.of(b.id().text(), b.volume().name().text())))
          .toList();
    } catch (VolumeException _) {
      return List.of();
    }
  }

  private Stream<Volume> descriptions() {
    return session.registry().list().stream()
        .filter(RegistryEntry.Intact.class::isInstance)
        .map(entry -> ((RegistryEntry.Intact) entry).volume());
  }

  private Stream<String> labelKeys() {
    return descriptions().flatMap(v -> v.labels().map().keySet().stream()).distinct();
  }

  private List<Candidate> drivers() {
    return session.drivers().all().stream()
        .map(driver -> Candidate.of(driver.name(), driver.summary()))
        .toList();
  }

  private List<Candidate> driverOptions(String current) {
    String usual = session.config().value(ConfigKey.DRIVER).orElse(Volume.DEFAULT_DRIVER);
    String driver = words.value("--driver", words.value("-d", usual));
    List<OptionDescriptor> options =
        session.drivers().factory(driver).map(DriverFactory::options).orElse(List.of());
    int equals = current.indexOf('=');
    if (equals < 0) {
      return options.stream()
          .map(option -> new Candidate(option.key() + "=", option.summary(), true))
          .toList();
    }
    String key = current.substring(0, equals);
    return options.stream()
        .filter(option -> option.key().equals(key))
        .flatMap(option -> option.choices().stream())
        .map(choice -> Candidate.of(key + "=" + choice))
        .toList();
  }

  private List<Candidate> filters(String current) {
    boolean prune = words.command().name().equals("prune");
    int equals = current.indexOf('=');
    if (equals < 0) {
      return (prune ? VolumeFilter.PRUNE_KEYS : VolumeFilter.LIST_KEYS)
          .stream().map(key -> Candidate.open(key + "=")).toList();
    }
    String key = current.substring(0, equals);
    return filterValues(key).map(value -> Candidate.of(key + "=" + value)).toList();
  }

  private Stream<String> filterValues(String key) {
    return switch (key) {
      case "all", "anonymous", "dangling", "protected" -> Stream.of("true", "false");
      case "driver" -> session.drivers().all().stream().map(DriverFactory::name);
      case "name", "since", "after" -> session.registry().names().stream().map(VolumeName::text);
      case "label", "label!" -> pairs(v -> v.labels().map());
      case "opt" -> pairs(v -> v.options().map());
      case "pool" -> pools();
      case "scope" -> Stream.of("local");
      case "status" -> Arrays.stream(VolumeStatus.values()).map(VolumeStatus::text);
      default -> Stream.of();
    };
  }

  private Stream<String> pools() {
    return Stream.concat(
            Stream.of(PoolName.DEFAULT), session.registry().pools().list().stream().map(Pool::name))
        .map(PoolName::text);
  }

  // Options may contain secrets, so only their keys are offered; for labels also the values.
  private Stream<String> pairs(Function<Volume, SortedMap<String, String>> map) {
    List<String> pairs = new ArrayList<>();
    descriptions()
        .forEach(
            volume ->
                map.apply(volume)
                    .forEach(
                        (key, value) -> {
                          pairs.add(key);
                          if (volume.labels().map().containsKey(key) && !value.isEmpty()) {
                            pairs.add(key + "=" + value);
                          }
                        }));
    return pairs.stream().distinct();
  }

  /** The names of formats; inside two braces, the fields of the rows. */
  private List<Candidate> formats(String current) {
    int braces = current.lastIndexOf("{{");
    if (braces < 0) {
      return formatNames().stream().map(Candidate::of).toList();
    }
    String before = current.substring(0, braces);
    return fields().stream().map(field -> Candidate.of(before + "{{." + field + "}}")).toList();
  }

  private List<String> formatNames() {
    return rows().map(RowOptions::formats).orElse(isInspect() ? List.of("json") : RowOptions.USUAL);
  }

  private Collection<String> fields() {
    return rows()
        .map(rows -> rows.fields(session))
        .orElseGet(
            () ->
                isInspect()
                    ? InspectView.FIELDS
                    : VolumeColumns.rows(false, session::zone).columns().fields());
  }

  /** Of every command with {@code --format} except {@code inspect} and {@code ls}. */
  private Optional<RowOptions> rows() {
    return words.command().mixins().values().stream()
        .map(CommandSpec::userObject)
        .filter(RowOptions.class::isInstance)
        .map(RowOptions.class::cast)
        .findFirst();
  }
}
