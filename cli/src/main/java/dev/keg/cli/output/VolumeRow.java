package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A volume as {@code ls} shows it. What takes a look at the driver or at the attachments is a
 * supplier, since most listings show none of it; null where it was not asked for.
 */
public record VolumeRow(
    Volume volume,
    Supplier<String> scope,
    Supplier<String> mountpoint,
    @Nullable Usage usage,
    @Nullable Supplier<String> status,
    @Nullable Supplier<VolumeDocument> document) {
  /** Who uses a volume and how much it holds, for those who ask. */
  public record Usage(int holders, Size size) {}

  /** All fields on one line, for those who asked for the document. */
  public String json(ZoneId zone) {
    return Json.compact(Objects.requireNonNull(document).get().in(zone));
  }
}
