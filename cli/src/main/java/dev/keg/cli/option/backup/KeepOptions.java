package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupRun;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.Interval;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which of a volume's backups to keep. The newest, the newest verified and the newest drilled one
 * are always kept.
 */
public final class KeepOptions {
  private static final String NUMBER = "number";

  @Option(
      names = "--keep-last",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep this many of the latest backups")
  private Optional<Integer> last = Optional.empty();

  @Option(
      names = "--keep-hourly",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep one backup for each of this many hours that have one")
  private Optional<Integer> hourly = Optional.empty();

  @Option(
      names = "--keep-daily",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep one for each of this many days")
  private Optional<Integer> daily = Optional.empty();

  @Option(
      names = "--keep-weekly",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep one for each of this many weeks")
  private Optional<Integer> weekly = Optional.empty();

  @Option(
      names = "--keep-monthly",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep one for each of this many months")
  private Optional<Integer> monthly = Optional.empty();

  @Option(
      names = "--keep-yearly",
      paramLabel = NUMBER,
      converter = Converters.Count.class,
      description = "Keep one for each of this many years")
  private Optional<Integer> yearly = Optional.empty();

  @Option(
      names = "--keep-within",
      paramLabel = "age",
      converter = Converters.AgeText.class,
      description = "Keep all within this age before the newest, such as 1y6m3d12h")
  private @Nullable Age within;

  @Option(
      names = "--keep-tag",
      paramLabel = "tags",
      converter = Converters.Tags.class,
      description = "Keep all with these comma-separated tags")
  private List<String> tags = new ArrayList<>();

  public boolean given() {
    return !flags().isEmpty();
  }

  /** The policy of these options, or of the configuration without any. */
  public RetentionPolicy policy(Session session) {
    return given() ? flags() : session.config().keep();
  }

  private RetentionPolicy flags() {
    Map<Interval, Integer> counts = new EnumMap<>(Interval.class);
    last.ifPresent(count -> counts.put(Interval.LAST, count));
    hourly.ifPresent(count -> counts.put(Interval.HOURLY, count));
    daily.ifPresent(count -> counts.put(Interval.DAILY, count));
    weekly.ifPresent(count -> counts.put(Interval.WEEKLY, count));
    monthly.ifPresent(count -> counts.put(Interval.MONTHLY, count));
    yearly.ifPresent(count -> counts.put(Interval.YEARLY, count));
    return new RetentionPolicy(
        counts, within, tags.stream().map(text -> Set.of(text.split(",", -1))).toList());
  }

  /** How to keep backups of this origin. */
  public BackupRun.Settings settings(Session session, Origin origin) {
    return new BackupRun.Settings(origin, policy(session), session.clock(), session.debugging());
  }
}
