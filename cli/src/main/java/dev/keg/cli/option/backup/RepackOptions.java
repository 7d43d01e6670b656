package dev.keg.cli.option.backup;

import dev.keg.backup.repack.RepackLimits;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.WrongUse;
import dev.keg.volume.Size;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When to delete unneeded data, and whether and how far to repack a repository. */
public final class RepackOptions {
  private static final Size UNLIMITED = new Size(Long.MAX_VALUE);

  @Option(
      names = "--now",
      description = "Delete the data of forgotten backups at once, not a day later")
  private boolean now;

  @Option(
      names = "--max-unused",
      paramLabel = "percent",
      converter = Converters.Percent.class,
      description = "Repack old data until at most this part of all data is unused, such as 10%%")
  private Optional<Integer> mostUnused = Optional.empty();

  @Option(
      names = "--max-repack",
      paramLabel = "size",
      converter = Converters.ByteCount.class,
      description = "Copy no more than this to repack, such as 50g")
  private Optional<Size> most = Optional.empty();

  public Grace grace() {
    return now ? Grace.NONE : Grace.DAY;
  }

  public Optional<RepackLimits> limits() {
    WrongUse.throwIf(
        most.isPresent() && mostUnused.isEmpty(), "--max-repack requires --max-unused");
    return mostUnused.map(percent -> new RepackLimits(percent, most.orElse(UNLIMITED), grace()));
  }
}
