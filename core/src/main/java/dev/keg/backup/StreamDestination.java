package dev.keg.backup;

import dev.keg.backup.archive.ArchiveSummary;
import dev.keg.backup.archive.Compression;
import dev.keg.volume.Volume;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;

/** Standard output: a zstd archive for another program. */
public record StreamDestination(OutputStream out) implements Destination {
  private static final String NAME = "standard output";

  @Override
  public Draft begin(Volume volume, SaveRequest request) {
    WritableByteChannel channel = Channels.newChannel(out);
    return new Draft() {
      @Override
      public String name() {
        return NAME;
      }

      @Override
      public Compression compression() {
        return new Compression.Zstd(request.level().orElse(Compression.Zstd.DEFAULT_LEVEL));
      }

      @Override
      public WritableByteChannel channel() {
        return channel;
      }

      @Override
      public Saved publish(ArchiveSummary summary, Duration took) {
        return new Saved(volume.name(), null, null, List.of(NAME), summary, took, List.of());
      }

      @Override
      public void close() {}
    };
  }
}
