package dev.keg.cli.option.backup;

import dev.keg.backup.archive.Exclusions;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.SaveRequest.Content;
import dev.keg.backup.save.UserCommands;
import dev.keg.backup.writer.Supervisor;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** How to back up volumes. */
public final class SaveOptions {
  @Option(
      names = "--full",
      description = "Write everything again, including what is already backed up")
  private boolean full;

  @Option(
      names = "--level",
      paramLabel = "number",
      converter = Converters.Level.class,
      description = "Compression level: 1 to 19 for zstd (default 3), 1 to 9 for gzip (default 6)")
  private Optional<Integer> level = Optional.empty();

  @Option(
      names = "--exclude",
      paramLabel = "pattern",
      converter = Converters.Glob.class,
      description = "Leave out files that match (e.g. \"*.tmp\", \"cache/**\")")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--pre",
      paramLabel = "command",
      description = "Run this first; if it fails, nothing is backed up")
  private Optional<String> pre = Optional.empty();

  @Option(
      names = "--post",
      paramLabel = "command",
      description = "Run this after the volume has been read; if it fails, the backup is not kept")
  private Optional<String> post = Optional.empty();

  @Option(
      names = "--stop-with",
      paramLabel = "program",
      converter = SupervisorWord.class,
      completionCandidates = SupervisorWord.class,
      description =
          "Stop what writes to the volume while it is read: containers of docker or podman, or"
              + " services of systemd")
  private Optional<Supervisor> stopWith = Optional.empty();

  @Option(
      names = "--freeze",
      description = "Read a consistent state: from a copy, or with the file system frozen")
  private boolean freeze;

  @Option(
      names = "--freeze-limit",
      paramLabel = "seconds",
      converter = Converters.Seconds.class,
      description = "Thaw after this many seconds, even if reading is not finished (default 5)")
  private Optional<Duration> freezeLimit = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "content",
      converter = ContentWord.class,
      completionCandidates = ContentWord.class,
      description =
          "Back up the files of a volume, or its disk (default: files where this host can read"
              + " them)")
  private Content content = Content.ANY;

  @Option(
      names = "--tag",
      paramLabel = "tag",
      converter = Converters.Tags.class,
      description = "Tag the backup; separate several tags by commas")
  private List<String> tags = new ArrayList<>();

  /** The level for a file of this name; the configuration's applies to zstd. */
  public OptionalInt levelFor(Session session, String file) {
    boolean zstd = Compression.ofBackup(file, OptionalInt.empty()) instanceof Compression.Zstd;
    return zstd ? level(session) : given();
  }

  private OptionalInt level(Session session) {
    return level.isPresent() ? given() : session.config().level();
  }

  private OptionalInt given() {
    return level.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** Whether the data is kept unchanged, by Keg or by the operator's commands. */
  public boolean holdsStill() {
    return freeze
        || pre.isPresent()
        || post.isPresent()
        || stopWith.isPresent()
        || content == Content.FILES;
  }

  public SaveRequest request(Session session) {
    Set<String> all = new TreeSet<>();
    tags.forEach(text -> all.addAll(List.of(text.split(",", -1))));
    return new SaveRequest(
        full,
        level(session),
        Exclusions.of(excluded.isEmpty() ? session.config().exclusions() : excluded),
        content,
        Optional.of(
            new UserCommands(pre, post, stopWith, session.programs(), session.streams().err())),
        freeze ? Optional.of(freezeLimit.orElse(SaveRequest.FREEZE_LIMIT)) : Optional.empty(),
        all,
        Runtime.getRuntime().availableProcessors());
  }

  /** Why these options conflict with each other. */
  public Optional<String> conflict() {
    return freezeLimit.isPresent() && !freeze
        ? Optional.of("--freeze-limit requires --freeze")
        : Optional.empty();
  }

  /** A conflict of these options with a file of this name. */
  public Optional<String> conflictWith(String file) {
    if (full || !tags.isEmpty()) {
      return Optional.of("--full and --tag require a repository");
    }
    if (file.endsWith(".tar") && level.isPresent()) {
      return Optional.of("--level requires a compressed archive");
    }
    boolean gzip = file.endsWith(".gz") || file.endsWith(".tgz");
    return gzip && level.filter(l -> l > 9).isPresent()
        ? Optional.of("--level for gzip must be 1 to 9")
        : Optional.empty();
  }

  /** The values of {@code --as}. */
  static final class ContentWord extends OneOf<Content> {
    ContentWord() {
      super(
          new Content[] {Content.FILES, Content.DISK},
          content -> content.name().toLowerCase(Locale.ROOT));
    }
  }

  /** The values of {@code --stop-with}. */
  static final class SupervisorWord extends OneOf<Supervisor> {
    SupervisorWord() {
      super(Supervisor.values(), Supervisor::toString);
    }
  }
}
