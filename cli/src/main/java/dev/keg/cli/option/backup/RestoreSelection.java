package dev.keg.cli.option.backup;

import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The volumes to restore: the named ones, or all in the repository. */
public final class RestoreSelection {
  @Option(
      names = {"-a", "--all"},
      description = "Restore every volume of this host that the repository has")
  private boolean all;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> names = new ArrayList<>();

  public boolean all() {
    return all;
  }

  /** Whether there may be several. */
  public boolean many() {
    return all || names.size() > 1;
  }

  public List<String> names(Session session, SourceOptions from) {
    if (all != names.isEmpty()) {
      throw new WrongUse(
          all ? "conflicting options: volumes, and --all" : "requires a volume or --all");
    }
    return all ? from.volumes(session) : List.copyOf(new LinkedHashSet<>(names));
  }
}
