package dev.keg.backup.save;

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
 * @param full whether everything is written again, also what an earlier backup holds
 * @param level of compression; the compressor's usual one where it is empty
 * @param content what of the volume is saved
 * @param freeze how long the data may be held still while it is read; not at all if it is empty
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
  /** What of a volume is saved. */
  public enum Content {
    /** The files, or the disk if this host cannot read files on it. */
    ANY,
    FILES,
    DISK
  }

  /** How long data is held still unless the operator says otherwise. */
  public static final Duration FREEZE_LIMIT = Duration.ofSeconds(5);

  public SaveRequest {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** With whatever of the volume can be saved. */
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

  /** Everything, as it is, without commands of the operator. */
  public static SaveRequest plain(int threads) {
    return everything(Content.ANY, threads);
  }

  /** All files of a volume, whatever this host could save of it otherwise. */
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
