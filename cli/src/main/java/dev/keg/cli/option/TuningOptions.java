package dev.keg.cli.option;

import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuning;
import dev.keg.tuning.TuningProfile;
import dev.keg.volume.Size;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings below a volume. */
public final class TuningOptions {
  /** The access-time options of mount(8). */
  private enum AccessTimes {
    NOATIME,
    RELATIME,
    STRICTATIME
  }

  private static final class AccessTimesWord extends OneOf<AccessTimes> {
    AccessTimesWord() {
      super(AccessTimes.values(), OneOf::word);
    }
  }

  private static final class ProfileWord extends OneOf<TuningProfile> {
    ProfileWord() {
      super(TuningProfile.values(), TuningProfile::word);
    }
  }

  @Option(
      names = "--profile",
      paramLabel = "use",
      converter = ProfileWord.class,
      completionCandidates = ProfileWord.class,
      description =
          "Choose --atime and --readahead for database, bulk or many-small; explicit options take"
              + " precedence")
  private Optional<TuningProfile> profile = Optional.empty();

  @Option(
      names = "--atime",
      paramLabel = "when",
      converter = AccessTimesWord.class,
      completionCandidates = AccessTimesWord.class,
      description = "When reading updates the access time: noatime, relatime or strictatime")
  private Optional<AccessTimes> accessTimes = Optional.empty();

  @Option(names = "--sync", description = "Make each write wait until it is on the disk")
  private boolean sync;

  @Option(
      names = "--async",
      description = "Do not make writes wait, unless the program asks for it")
  private boolean async;

  @Option(
      names = "--scheduler",
      paramLabel = "name",
      converter = Converters.FileName.class,
      description = "I/O scheduler of the device, one of those that the kernel has")
  private Optional<String> scheduler = Optional.empty();

  @Option(
      names = "--readahead",
      paramLabel = "size",
      converter = Converters.ByteCount.class,
      description = "How far ahead the kernel reads, such as 128k or 4m")
  private Optional<Size> readahead = Optional.empty();

  /** The requested settings; a profile provides the others. */
  public Tuning tuning() {
    Tuning tuning = profile.map(TuningProfile::tuning).orElse(Tuning.NONE);
    tuning = with(tuning, Setting.ATIME, accessTimes.map(OneOf::word));
    tuning = with(tuning, Setting.SCHEDULER, scheduler);
    tuning = with(tuning, Setting.READAHEAD, readahead.map(size -> Long.toString(size.bytes())));
    if (sync || async) {
      tuning = tuning.with(Setting.SYNC, sync ? "sync" : "async");
    }
    return tuning;
  }

  private static Tuning with(Tuning tuning, Setting setting, Optional<String> value) {
    return value.map(text -> tuning.with(setting, text)).orElse(tuning);
  }

  /** A conflict of the options; empty if there is none. */
  public Optional<String> conflict() {
    if (sync && async) {
      return Optional.of("conflicting options: --sync and --async");
    }
    return readahead
        .filter(size -> size.bytes() % 1024 != 0 || size.bytes() > 1L << 30)
        .map(_ -> "--readahead must be whole KiB, and 1g at most");
  }
}
