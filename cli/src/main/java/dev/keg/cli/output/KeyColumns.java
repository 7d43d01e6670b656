package dev.keg.cli.output;

import dev.keg.backup.store.encrypted.KeyRing.Entry;
import dev.keg.backup.store.encrypted.KeyRing.Kind;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The columns of {@code keg repo key ls}. */
public final class KeyColumns {
  private KeyColumns() {}

  public static Rows<Entry> rows() {
    return new Rows<>(
        Columns.<Entry>of("key")
            .with("Name", "NAME", Entry::name)
            .with("Kind", "KIND", entry -> kind(entry.kind()))
            .with(
                "Added",
                "ADDED",
                entry -> entry.added().truncatedTo(ChronoUnit.SECONDS).toString()),
        List.of("Name", "Kind", "Added"),
        List.of("Name"));
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case PASS_PHRASE -> "pass phrase";
      case KEY -> "key";
      case WRITE_ONLY -> "write only";
      case DAMAGED -> "damaged";
    };
  }
}
