package dev.keg.cli.action;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.PoolRow;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Session;
import dev.keg.error.PoolException.PoolRefused;
import dev.keg.registry.Pools;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.PoolName;

/** The actions of {@code keg pool}. */
public record PoolActions(Session session, RowOptions rows) {
  private Pools pools() {
    return session.registry().pools();
  }

  public void list() {
    session.warnOfMissingRoot();
    PoolRow.ROWS.print(session.streams().out(), rows.format(), session.usages().pools());
  }

  public void add(PoolName name, String directory) {
    print(pools().add(name, session.files().getPath(directory).toAbsolutePath()), name);
  }

  /** Creates the repository if there is none; one that was created elsewhere must be trusted. */
  public void addArchive(PoolName name, String location) {
    KnownRepositories known = session.knownRepositories();
    try (Repository opened = session.repositories().openOrCreate(location)) {
      if (opened.isNew()) {
        known.trust(location, opened);
      }
      if (!known.trusts(location, opened)) {
        throw new PoolRefused(
            name.text(),
            "this root does not trust " + opened.address(),
            "keg repo trust " + location);
      }
      known.remember(location);
    }
    print(pools().addArchive(name, known.normal(location)), name);
  }

  private void print(Pool pool, PoolName name) {
    rows.print(
        session,
        Result.naming("Name", name.text())
            .with("Directory", pool.repository().orElse(pool.directory().toString()))
            .with("Volumes", pools().volumes(name).size()));
  }

  public void remove(PoolName name, boolean lost) {
    pools().remove(name, lost);
    rows.print(session, Result.naming("Name", name.text()).with("Removed", true));
  }
}
