package dev.keg.cli.option;

import dev.keg.cli.session.Session;
import dev.keg.volume.Protection;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a volume is protected. */
public final class ProtectionOptions {
  @Option(
      names = "--protect",
      description = "Refuse to remove or replace the data, even with --force")
  private boolean protect;

  @Option(
      names = "--protect-until",
      paramLabel = "date",
      description = "Protect until this date or time (e.g. 2027-01-31)")
  private Optional<String> until = Optional.empty();

  /** Empty if no option was given. */
  public Optional<Protection> protection(Session session) {
    return until
        .map(text -> Protection.until(text, session.clock()))
        .or(() -> protect ? Optional.of(Protection.always()) : Optional.empty());
  }

  public Optional<String> conflict() {
    return protect && until.isPresent()
        ? Optional.of("conflicting options: --protect and --protect-until")
        : Optional.empty();
  }

  public boolean given() {
    return protect || until.isPresent();
  }
}
