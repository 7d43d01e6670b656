package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.cli.session.Session;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose backups are meant. */
public final class HostOption {
  @Option(
      names = "--host",
      paramLabel = "name",
      description = "Host that the backups belong to (default $KEG_HOST, or this host's name)")
  private Optional<String> host = Optional.empty();

  public boolean given() {
    return host.isPresent();
  }

  /** Whether it is a backup of the host that is given; of any host if none is. */
  public boolean covers(Session session, BackupRecord backup) {
    return !given() || origin(session).host().equals(backup.origin().host());
  }

  /** Whose backup a command takes. */
  public Whose whose(Session session) {
    return new Whose(origin(session).host(), given());
  }

  public Origin origin(Session session) {
    Origin own = session.origin();
    return host.filter(name -> !name.isBlank())
        .map(name -> new Origin(name, own.keg()))
        .orElse(own);
  }
}
