package dev.keg.cli.option.backup;

import dev.keg.backup.repository.Backup;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The backups of one host, or of all. */
public final class HostFilter {
  @Option(names = "--host", paramLabel = "name", description = "Take only the backups of this host")
  private Optional<String> host = Optional.empty();

  public boolean given() {
    return host.isPresent();
  }

  public boolean covers(Backup backup) {
    return host.isEmpty() || host.get().equals(backup.record().origin().host());
  }
}
