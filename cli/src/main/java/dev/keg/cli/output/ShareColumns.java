package dev.keg.cli.output;

import dev.keg.backup.browse.StoredShare;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.volume.Size;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The columns of {@code keg backups --stats}. */
public final class ShareColumns {
  private ShareColumns() {}

  public static Rows<StoredShare> rows() {
    return new Rows<>(
        Columns.<StoredShare>of("share")
            .with("Volume", "VOLUME", share -> volume(share, "(all)"), share -> volume(share, ""))
            .with("Host", "HOST", ShareColumns::host)
            .with(
                "Backups",
                "BACKUPS",
                share -> String.valueOf(share.backups()),
                share -> (long) share.backups())
            .with("Size", "SIZE", share -> share.size().human(), share -> share.size().bytes())
            .with(
                "Stored",
                "STORED",
                share -> share.stored().human(),
                share -> share.stored().bytes())
            .with(
                "Unique",
                "UNIQUE",
                share -> share.unique().human(),
                share -> share.unique().bytes())
            .with(
                "Ratio",
                "RATIO",
                share -> ratio(share.ratio()),
                share -> Math.round(share.ratio().orElse(0) * 10) / 10.0)
            .with(
                "Growth",
                "GROWTH/DAY",
                share -> share.growth().map(Size::human).orElse(""),
                share -> share.growth().map(Size::bytes).orElse(0L)),
        List.of("Volume", "Host", "Backups", "Size", "Stored", "Unique", "Ratio", "Growth"),
        List.of("Volume", "Stored", "Unique"));
  }

  private static String volume(StoredShare share, String all) {
    return share.of().map(backup -> backup.record().volume().name().text()).orElse(all);
  }

  private static String host(StoredShare share) {
    return share.of().map(backup -> backup.record().origin().host()).orElse("");
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.1f", ratio.getAsDouble()) : "";
  }
}
