package dev.keg.cli.output.table;

import dev.keg.cli.output.VolumeRow;
import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The volumes in the tables of expected output. */
public final class SampleRows {
  private static final Instant CREATED = Instant.parse("2026-11-20T10:00:55Z");

  static final List<VolumeRow> ALL =
      List.of(
          row("a-long_name.1", "vieux/sshfs:latest", "k=a\tb", "", "global", null),
          row("nil", "local", "", "/m", "local", null),
          row("v2", "日本語ドライバ", "k=v", "/m", "local", new Usage(2, new Size(1234567))),
          row(
              "v10",
              "local",
              "com.foo.my-key_x=<a&b>",
              "/var/lib/docker/volumes/v10/_data",
              "local",
              null));

  private SampleRows() {}

  private static VolumeRow row(
      String name,
      String driver,
      String label,
      String mountpoint,
      String scope,
      @Nullable Usage usage) {
    Labels labels = label.isEmpty() ? Labels.NONE : Labels.parse(List.of(label));
    Volume volume = new Volume(new VolumeName(name), driver, Options.NONE, labels, CREATED);
    return new VolumeRow(volume, () -> scope, () -> mountpoint, usage, null, null);
  }
}
