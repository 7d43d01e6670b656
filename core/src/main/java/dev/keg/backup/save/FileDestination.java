package dev.keg.backup.save;

import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.GrowingFile;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A file that is first written under a hidden name and renamed once it is complete; an existing
 * file is kept until then. Pipes and devices are written to directly.
 *
 * @param mode the permissions of the file; by default only the owner can read it, since it holds
 *     the volume's data
 */
public record FileDestination(
    Path file,
    Compression compression,
    OptionalInt mode,
    DirectorySync sync,
    RandomGenerator random)
    implements Destination {
  public FileDestination {
    file = file.toAbsolutePath().normalize();
  }

  @Override
  public BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    Path draft =
        file.resolveSibling(
            ".%s.%s".formatted(file.getFileName(), HexFormat.of().toHexDigits(random.nextLong())));
    if (Files.isDirectory(file)) {
      throw new FileFailure("write", file.toString(), "it is a directory", null);
    }
    Path parent = file.getParent();
    if (parent != null && !Files.exists(parent)) {
      throw new FileFailure("write", file.toString(), "there is no directory " + parent, null);
    }
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    return new FileDraft(this, volume, special ? file : draft);
  }

  @Override
  public void requireOutside(Volume volume, Path data) {
    Containment.requireOutside(volume, data, file, "file");
  }

  /** The file under its hidden name. */
  private static final class FileDraft implements BackupDraft {
    private final FileDestination to;
    private final Volume volume;
    private final Path draft;
    private final WritableByteChannel channel;

    FileDraft(FileDestination to, Volume volume, Path draft) {
      this.to = to;
      this.volume = volume;
      this.draft = draft;
      channel =
          FileFailures.translate(
              "write",
              to.file,
              () ->
                  isHidden()
                      ? GrowingFile.create(draft, to.sync)
                      : FileChannel.open(draft, StandardOpenOption.WRITE));
    }

    private boolean isHidden() {
      return !draft.equals(to.file);
    }

    @Override
    public String name() {
      return to.file.toString();
    }

    @Override
    public Compression compression() {
      return to.compression;
    }

    @Override
    public WritableByteChannel channel() {
      return channel;
    }

    @Override
    public Saved publish(ArchiveSummary summary, Duration took) {
      if (channel instanceof GrowingFile hidden) {
        FileFailures.run("write", to.file, () -> reveal(hidden));
      }
      return new Saved(
          volume.name(), null, null, List.of(to.file.toString()), summary, took, List.of());
    }

    private void reveal(GrowingFile hidden) throws IOException {
      if (to.mode.isPresent()) {
        setPermissions(to.mode.getAsInt());
      }
      hidden.sync();
      hidden.close();
      Files.move(
          draft, to.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Path parent = to.file.getParent();
      if (parent != null) {
        to.sync.sync(parent);
      }
    }

    private void setPermissions(int mode) throws IOException {
      if (draft.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(draft, permissions(mode));
      }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      // In the order of the bits, from read permission of the owner to execution by others.
      int bit = 0400;
      for (PosixFilePermission permission : PosixFilePermission.values()) {
        if ((mode & bit) != 0) {
          permissions.add(permission);
        }
        bit >>= 1;
      }
      return permissions;
    }

    @Override
    public void close() {
      FileFailures.run("close", to.file, channel::close);
      if (isHidden()) {
        FileFailures.run("remove", draft, () -> Files.deleteIfExists(draft));
      }
    }
  }
}
