package dev.keg.backup.save;

import dev.keg.backup.archive.Exclusions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * How to save volumes.
 *
 * @param full whether to write everything again, including what an earlier backup holds
 * @param level compression level; empty for the default
 * @param content which part of the volume to save
 * @param freeze how long the data may be frozen while it is read; empty for not at all
 */
public record SaveRequest(
    boolean full,
    OptionalInt level,
    Exclusions excluded,
    Content content,
    Optional<UserCommands> commands,
    Optional<Duration> freeze,
    Set<String> tags,
    int threads) {
  /** The part of a volume to save. */
  public enum Content {
    /** The files, or the disk if this host cannot read the files on it. */
    ANY,
    FILES,
    DISK
  }

  /** The default time limit for frozen data. */
  public static final Duration FREEZE_LIMIT = Duration.ofSeconds(5);

  public SaveRequest {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** Saves whatever part of the volume can be saved. */
  public SaveRequest(
      boolean full,
      OptionalInt level,
      Exclusions excluded,
      Optional<UserCommands> commands,
      Optional<Duration> freeze,
      Set<String> tags,
      int threads) {
    this(full, level, excluded, Content.ANY, commands, freeze, tags, threads);
  }

  /** Saves everything without freezing and without the operator's commands. */
  public static SaveRequest plain(int threads) {
    return everything(Content.ANY, threads);
  }

  /** Saves all files of a volume, never its disk. */
  public static SaveRequest files(int threads) {
    return everything(Content.FILES, threads);
  }

  private static SaveRequest everything(Content content, int threads) {
    return new SaveRequest(
        true,
        OptionalInt.empty(),
        Exclusions.of(List.of()),
        content,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        threads);
  }
}
