package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

final class DiskPlaceTest {
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");
  @TempDir private Path directory;
  private VolumeHome home;
  private Path place;

  @BeforeEach
  void make() throws IOException {
    home = new VolumeHome(Files.createDirectory(directory.resolve("home")));
    place = Files.createDirectory(directory.resolve("place")).resolve("db.raw");
  }

  private static DriverOptions options(Path path) {
    return DriverOptions.of(
        new VolumeName("db"), Options.NONE.with("path", path.toString()), ImageOptions.KNOWN);
  }

  private DiskFile disk() throws IOException {
    DiskFile disk = DiskFile.of(home, DiskFormat.RAW);
    byte[] content = new byte[200_000];
    content[70_000] = 1;
    Files.write(disk.path(), content);
    Files.setPosixFilePermissions(disk.path(), PosixFilePermissions.fromString("rw-------"));
    return disk;
  }

  private void take(Path path) throws IOException {
    Optional<DiskPlace> found = DiskPlace.of(options(path));
    found.orElseThrow().take(disk(), home, options(path));
    assertThat(DiskFile.in(home).orElseThrow().path()).isEqualTo(path);
    assertThat(Files.getAttribute(path, "unix:nlink")).isEqualTo(1);
    assertThat(path).hasSize(200_000);
    assertThat(Files.readAllBytes(path)[70_000]).isEqualTo((byte) 1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_disk_moves_there_and_leaves_nothing_else() throws IOException {
    take(place);
    assertThat(place.getParent()).isDirectoryNotContaining(file -> !file.equals(place));
  }

  static boolean hasOtherFileSystem() {
    return Files.isWritable(OTHER_FILE_SYSTEM);
  }

  @Test
  @EnabledIf("hasOtherFileSystem")
  void it_is_copied_to_another_file_system() throws IOException {
    Path other = Files.createTempDirectory(OTHER_FILE_SYSTEM, "keg-place");
    Path draft = other.resolve(".db.raw.keg-new-0");
    try {
      Files.writeString(draft, "left by a killed command");
      take(other.resolve("db.raw"));
      assertThat(other).isDirectoryNotContaining(file -> !file.endsWith("db.raw"));
    } finally {
      Files.deleteIfExists(other.resolve("db.raw"));
      Files.delete(other);
    }
  }

  @Test
  @EnabledIf("hasOtherFileSystem")
  void a_copy_that_another_command_makes_stays() throws IOException {
    Path other = Files.createTempDirectory(OTHER_FILE_SYSTEM, "keg-place");
    Path draft = Files.writeString(other.resolve(".db.raw.keg-new-0"), "being made");
    Path path = other.resolve("db.raw");
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      assertThatThrownBy(() -> take(path))
          .isInstanceOf(DiskException.class)
          .hasMessageContaining("another command creates it");
      assertThat(draft).hasContent("being made");
      assertThat(path).doesNotExist();
    } finally {
      Files.delete(draft);
      Files.delete(other);
    }
  }

  @Test
  void a_file_that_exists_stays_and_can_be_adopted() throws IOException {
    DiskPlace found = DiskPlace.of(options(place)).orElseThrow();
    Files.writeString(place, "mine");
    DiskFile disk = disk();

    assertThatThrownBy(() -> found.take(disk, home, options(place)))
        .isInstanceOfSatisfying(
            InvalidOption.class,
            failed ->
                assertThat(failed.hint())
                    .hasValue("`keg adopt --name db %s` makes a volume of it".formatted(place)));
    assertThat(place).hasContent("mine");
    assertThat(disk.path()).exists();
  }
}
