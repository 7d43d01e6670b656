package dev.keg.backup;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSummary;
import dev.keg.backup.archive.Compression;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A destination whose archives are compressed like this, whatever it would do by itself. */
public record Packed(Destination destination, Compression compression) implements Destination {
  @Override
  public void requireOutside(Volume volume, Path data) {
    destination.requireOutside(volume, data);
  }

  @Override
  public Draft begin(Volume volume, SaveRequest request) {
    return new PackedDraft(destination.begin(volume, request), compression);
  }

  private record PackedDraft(Draft draft, Compression compression) implements Draft {
    @Override
    public String name() {
      return draft.name();
    }

    @Override
    public Optional<Archive> previous() {
      return draft.previous();
    }

    @Override
    public Optional<Size> expected() {
      return draft.expected();
    }

    @Override
    public WritableByteChannel channel() {
      return draft.channel();
    }

    @Override
    public void throwFailure() {
      draft.throwFailure();
    }

    @Override
    public Saved publish(ArchiveSummary summary, Duration took) {
      return draft.publish(summary, took);
    }

    @Override
    public void close() {
      draft.close();
    }
  }
}
