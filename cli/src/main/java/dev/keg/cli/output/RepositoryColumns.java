package dev.keg.cli.output;

import dev.keg.backup.replica.KnownRepositories.Known;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import java.util.List;

/** The columns of {@code keg repo}. */
public final class RepositoryColumns {
  private RepositoryColumns() {}

  public static Rows<Known> rows() {
    return new Rows<>(
        Columns.<Known>of("repository")
            .with("Repository", "REPOSITORY", Known::location)
            .with("Trusted", "TRUSTED", known -> String.valueOf(known.trusted()), Known::trusted),
        List.of("Repository", "Trusted"),
        List.of("Repository"));
  }
}
