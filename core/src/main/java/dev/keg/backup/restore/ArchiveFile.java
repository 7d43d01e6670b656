package dev.keg.backup.restore;

import dev.keg.age.AgeException;
import dev.keg.age.AgeInput;
import dev.keg.age.Head;
import dev.keg.age.Identity;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.FileFailures;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An archive in a file, which is open while the work on it runs.
 *
 * @param keys open it if it is encrypted
 */
public record ArchiveFile(Path path, KeySource keys) {
  private static final byte[] SEALED =
      "age-encryption.org/v1\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ARMORED =
      "-----BEGIN AGE ENCRYPTED FILE-----".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};

  /** Opens an archive that Keg wrote: by its index, unless its format has none. */
  public void openOwn(Consumer<RestoreSource> work) {
    if (!path.toString().matches(".*\\.(tar|tar\\.gz|tgz)(\\.age)?")) {
      try (RestoreSource source = openIndexed()) {
        work.accept(source);
      }
      return;
    }
    FileFailures.run("read", path, () -> stream(work));
  }

  /** Opens an indexed archive; its reader closes it. */
  RestoreSource.Indexed openIndexed() {
    FileSource file = FileSource.open(path);
    try {
      RangeSource content =
          isSealed() ? new SealedSource(path.toString(), file, head(identities())) : file;
      return RestoreSource.of(path.toString(), content);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private boolean isSealed() {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    return FileFailures.<Boolean>translate(
        "read",
        path,
        () -> {
          try (InputStream in = Files.newInputStream(path)) {
            byte[] first = in.readNBytes(ARMORED.length);
            if (Arrays.equals(first, ARMORED)) {
              throw notOpened(
                  "it is armored as text",
                  "decrypt it first: age -d -i KEY %s > ARCHIVE".formatted(path));
            }
            return Arrays.equals(
                first, 0, Math.min(first.length, SEALED.length), SEALED, 0, SEALED.length);
          }
        });
  }

  private Head head(List<Identity> identities) {
    return FileFailures.translate(
        "read",
        path,
        () -> {
          try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return Head.read(in, identities);
          } catch (AgeException e) {
            throw notOpened(String.valueOf(e.getMessage()), null);
          }
        });
  }

  private List<Identity> identities() {
    List<Identity> found;
    try {
      found = keys.opening(path.toString()).map(Secret::identities).orElse(List.of());
    } catch (IllegalArgumentException e) {
      throw notOpened("the key cannot be used: " + e.getMessage(), null);
    }
    if (found.isEmpty()) {
      throw notOpened(
          "no secret key and no pass phrase is given",
          "give it with --key-file, --key-command, --key-fd or KEG_KEY_FILE");
    }
    return found;
  }

  private InvalidArchive notOpened(String why, @Nullable String hint) {
    return new InvalidArchive(path.toString(), "it is encrypted", why, hint);
  }

  /** Opens an archive of any program: zip or tar, detected by its first bytes. */
  public void openForeign(Consumer<RestoreSource> work) {
    FileFailures.run("read", path, () -> read(work));
  }

  private void stream(Consumer<RestoreSource> work) throws IOException {
    if (!Files.isRegularFile(path)) {
      try (InputStream in = Files.newInputStream(path)) {
        work.accept(new RestoreSource.Stream(path.toString(), in));
      }
      return;
    }
    List<Identity> identities = isSealed() ? identities() : List.of();
    try (SeekableByteChannel channel = Files.newByteChannel(path);
        InputStream in = opened(Channels.newInputStream(channel), identities)) {
      work.accept(stream(in, channel));
    }
  }

  private RestoreSource stream(InputStream in, SeekableByteChannel channel) {
    return new RestoreSource.Stream(
        path.toString(), in, Optional.empty(), () -> shareBefore(channel));
  }

  private InputStream opened(InputStream file, List<Identity> identities) throws IOException {
    try {
      return identities.isEmpty() ? file : AgeInput.open(new BufferedInputStream(file), identities);
    } catch (AgeException e) {
      throw notOpened(String.valueOf(e.getMessage()), null);
    }
  }

  // Compressed or not, the same fraction of the content is left as of the file.
  private static double shareBefore(SeekableByteChannel channel) {
    try {
      return (double) channel.position() / channel.size();
    } catch (IOException _) {
      return 1; // It is closed: nobody reads more of it.
    }
  }

  private void read(Consumer<RestoreSource> work) throws IOException {
    if (!Files.isRegularFile(path) || isSealed()) {
      stream(work);
      return;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      byte[] first = Channels.newInputStream(channel).readNBytes(ZIP.length);
      boolean zip = Arrays.equals(first, ZIP) || Arrays.equals(first, EMPTY_ZIP);
      channel.position(0);
      work.accept(
          zip
              ? new RestoreSource.Zip(path.toString(), channel, () -> shareBefore(channel))
              : stream(Channels.newInputStream(channel), channel));
    }
  }
}
