package dev.keg.cli.output;

import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.replica.Repositories;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.Session;
import dev.keg.config.ColourUse;
import dev.keg.config.Config.Setting;
import dev.keg.config.ConfigKey;
import dev.keg.volume.PoolName;
import dev.keg.volume.Volume;
import java.util.List;
import java.util.Optional;

/** A key of the configuration, for {@code keg config}. */
public record ConfigRow(String key, String value, String source) {
  /** The columns. */
  public static final Rows<ConfigRow> ROWS =
      new Rows<>(
          Columns.<ConfigRow>of("config")
              .with("Key", "KEY", ConfigRow::key)
              .with("Value", "VALUE", ConfigRow::value)
              .with("Source", "SOURCE", ConfigRow::source),
          List.of("Key", "Value", "Source"),
          List.of("Key", "Value", "Source"));

  /** The value that applies to this command. */
  public static ConfigRow of(Session session, ConfigKey key) {
    Optional<Setting> found = session.config().find(key);
    String source = found.map(Setting::source).orElse("default");
    return new ConfigRow(
        key.toString(),
        switch (key) {
          case ROOT -> session.registry().layout().root().toString();
          case HOST -> session.origin().host();
          case DRIVER -> found.map(Setting::value).orElse(Volume.DEFAULT_DRIVER);
          case POOL -> found.map(Setting::value).orElse(PoolName.DEFAULT.text());
          case COLOUR -> found.map(Setting::value).orElse(ColourUse.AUTO.toString());
          case LEVEL -> found.map(Setting::value).orElse(String.valueOf(Zstd.DEFAULT_LEVEL));
          case REPOSITORY -> found.map(Setting::value).map(Repositories::masked).orElse("");
          case EXCLUDE, KEEP, KEY_FILE -> found.map(Setting::value).orElse("");
        },
        key == ConfigKey.ROOT && session.root().isGiven() ? "--root" : source);
  }
}
