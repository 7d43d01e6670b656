package dev.keg.cli.option.backup;

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

  public Origin origin(Session session) {
    Origin own = session.origin();
    return host.filter(name -> !name.isBlank())
        .map(name -> new Origin(name, own.keg()))
        .orElse(own);
  }
}
