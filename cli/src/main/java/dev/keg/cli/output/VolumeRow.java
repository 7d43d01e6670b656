package dev.keg.cli.output;

import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A volume as {@code ls} shows it. What takes a look at the driver or at the attachments is a
 * supplier, since most listings show none of it; null where it was not asked for.
 */
public record VolumeRow(
    Volume volume,
    String scope,
    Supplier<String> mountpoint,
    @Nullable Usage usage,
    @Nullable Supplier<String> status,
    @Nullable Supplier<VolumeDocument> document) {
  /** Who uses a volume and how much it holds, for those who ask. */
  public record Usage(int holders, Size size) {}
}
