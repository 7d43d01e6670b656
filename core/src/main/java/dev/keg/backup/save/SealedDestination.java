package dev.keg.backup.save;

import dev.keg.age.AgeOutput;
import dev.keg.age.Head;
import dev.keg.age.Recipient;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.file.FileFailures;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Encrypts the archive for a file or standard output as an age file, for the owners of the keys.
 */
public record SealedDestination(Destination to, List<Recipient> recipients) implements Destination {
  public SealedDestination {
    recipients = List.copyOf(recipients);
  }

  @Override
  public BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    BackupDraft below = to.begin(volume, request, usage);
    try {
      return new SealedDraft(below, recipients);
    } catch (RuntimeException e) {
      below.close();
      throw e;
    }
  }

  @Override
  public void requireOutside(Volume volume, Path data) {
    to.requireOutside(volume, data);
  }

  private static final class SealedDraft implements BackupDraft {
    private final BackupDraft below;
    private final AgeOutput out;
    private final WritableByteChannel channel;

    SealedDraft(BackupDraft below, List<Recipient> recipients) {
      this.below = below;
      try {
        out = new AgeOutput(Channels.newOutputStream(below.channel()), Head.create(recipients));
      } catch (IOException e) {
        throw FileFailures.failure("write", below.name(), e);
      }
      channel = Channels.newChannel(out);
    }

    @Override
    public String name() {
      return below.name();
    }

    @Override
    public Compression compression() {
      return below.compression();
    }

    @Override
    public WritableByteChannel channel() {
      return channel;
    }

    @Override
    public void throwFailure() {
      below.throwFailure();
    }

    @Override
    public Saved publish(ArchiveSummary summary, Duration took) {
      try {
        out.finish();
      } catch (IOException e) {
        throw FileFailures.failure("write", below.name(), e);
      }
      return below.publish(summary, took);
    }

    @Override
    public void close() {
      below.close();
    }
  }
}
