package dev.keg.cli.option.backup;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How thoroughly to verify backups. */
public final class VerifyOptions {
  @Option(names = "--quick", description = "Check the index, and that the data is present")
  private boolean quick;

  @Option(names = "--full", description = "Read all data (the default)")
  private boolean full;

  @Option(names = "--deep", description = "Restore to a scratch directory and compare")
  private boolean deep;

  @Option(
      names = "--scratch",
      paramLabel = "directory",
      converter = Converters.FileName.class,
      description = "The scratch directory of --deep (default $TMPDIR)")
  private Optional<String> scratch = Optional.empty();

  @Option(
      names = "--repair-from",
      paramLabel = "REPO",
      description = "Repair damaged or missing data from this repository")
  private Optional<String> replica = Optional.empty();

  @Mixin private OtherKeyOption otherKey = new OtherKeyOption();

  /** The open repository from which to repair this one; empty if there is none. */
  public Optional<Repository> replica(Session session, String location, Repository damaged) {
    return replica.map(from -> replica(session, from, location, damaged));
  }

  private Repository replica(Session session, String from, String location, Repository damaged) {
    Repository opened = otherKey.repositories(session, session.repositories()).open(from);
    try {
      session.knownRepositories().requireTrusted(from, opened, location, damaged);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  public boolean mends() {
    return replica.isPresent();
  }

  /** Why these options exclude each other, if they do. */
  public Optional<String> conflict() {
    if (replica.isEmpty() && otherKey.given()) {
      return Optional.of("--other-key-file requires --repair-from");
    }
    if (Stream.of(quick, full, deep).filter(given -> given).count() > 1) {
      return Optional.of("conflicting options: --quick, --full and --deep");
    }
    return scratch.isPresent() && !deep
        ? Optional.of("--scratch requires --deep")
        : Optional.empty();
  }

  public Verifying verifying(Session session) {
    return new Verifying(
        quick ? Level.QUICK : deep ? Level.DEEP : Level.FULL,
        scratch.map(text -> session.files().getPath(text)).orElseGet(session::temporary),
        session.trees(),
        Runtime.getRuntime().availableProcessors(),
        session.clock());
  }
}
