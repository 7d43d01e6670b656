package dev.keg.backup.restore;

import dev.keg.file.FileFailures;
import dev.keg.volume.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** An archive in a file, which is open for as long as the work on it lasts. */
public record ArchiveFile(Path path) {
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};

  /** In the first header of a tar, see tar(5). */
  private static final byte[] USTAR = {'u', 's', 't', 'a', 'r'};

  private static final int USTAR_AT = 257;

  /** An archive that Keg wrote: with its index, unless it is one of the formats that have none. */
  public void openOwn(Consumer<RestoreSource> work) {
    if (!path.toString().matches(".*\\.(tar|tar\\.gz|tgz)")) {
      try (RestoreSource source = RestoreSource.of(path)) {
        work.accept(source);
      }
      return;
    }
    FileFailures.run("read", path, () -> stream(work));
  }

  /** An archive of any program: zip or tar, as its first bytes say. */
  public void openForeign(Consumer<RestoreSource> work) {
    FileFailures.run("read", path, () -> read(work));
  }

  /** How much is in a tar that is not packed; zero where only reading all of it would tell. */
  public Size content() {
    return FileFailures.translate(
        "read",
        path,
        () -> Files.isRegularFile(path) && isPlainTar() ? new Size(Files.size(path)) : Size.ZERO);
  }

  private boolean isPlainTar() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(USTAR_AT + USTAR.length);
      return first.length == USTAR_AT + USTAR.length
          && Arrays.equals(first, USTAR_AT, first.length, USTAR, 0, USTAR.length);
    }
  }

  private void stream(Consumer<RestoreSource> work) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      work.accept(new RestoreSource.Stream(path.toString(), in));
    }
  }

  private void read(Consumer<RestoreSource> work) throws IOException {
    if (!Files.isRegularFile(path)) {
      stream(work);
      return;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      byte[] first = Channels.newInputStream(channel).readNBytes(ZIP.length);
      boolean zip = Arrays.equals(first, ZIP) || Arrays.equals(first, EMPTY_ZIP);
      channel.position(0);
      work.accept(
          zip
              ? new RestoreSource.Zip(path.toString(), channel)
              : new RestoreSource.Stream(path.toString(), Channels.newInputStream(channel)));
    }
  }
}
