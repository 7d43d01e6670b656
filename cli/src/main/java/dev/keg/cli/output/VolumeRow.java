package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A volume for {@code ls}. Facts that require a look at the driver or the attachments are
 * suppliers, since most lists do not show them; null if they were not requested.
 */
public record VolumeRow(
    Volume volume,
    Supplier<String> scope,
    Supplier<String> mountpoint,
    @Nullable Usage usage,
    @Nullable Supplier<String> status,
    @Nullable Supplier<VolumeDocument> document) {
  /** The number of holders and the size of a volume, on request. */
  public record Usage(int holders, Size size) {}

  /** All fields on one line, for the document format. */
  public String json(ZoneId zone) {
    return Json.compact(Objects.requireNonNull(document).get().in(zone));
  }
}
