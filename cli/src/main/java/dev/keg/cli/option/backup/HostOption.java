package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.BackupRecord.Origin;
import dev.keg.cli.session.Session;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The host whose backups to use. */
public final class HostOption {
  @Option(
      names = "--host",
      paramLabel = "name",
      description = "Host that the backups belong to (default $KEG_HOST, or this host's name)")
  private Optional<String> host = Optional.empty();

  public boolean given() {
    return host.isPresent();
  }

  /** Whether the backup is from the given host; from any host if none is given. */
  public boolean covers(Session session, BackupRecord backup) {
    return !given() || origin(session).host().equals(backup.origin().host());
  }

  /** The host for commands that use a backup. */
  public Whose whose(Session session) {
    return new Whose(origin(session).host(), given());
  }

  public Origin origin(Session session) {
    Origin own = session.origin();
    return host.filter(name -> !name.isBlank())
        .map(name -> new Origin(name, own.keg(), true))
        .orElse(own);
  }
}
