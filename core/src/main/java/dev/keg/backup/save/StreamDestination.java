package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Writes an archive to standard output, for another program. */
public record StreamDestination(OutputStream out, Compression compression) implements Destination {
  private static final String NAME = "standard output";

  @Override
  public BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    WritableByteChannel channel = Channels.newChannel(out);
    return new BackupDraft() {
      @Override
      public String name() {
        return NAME;
      }

      @Override
      public Compression compression() {
        return compression;
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
