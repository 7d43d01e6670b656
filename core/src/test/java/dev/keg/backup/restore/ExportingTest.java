package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.FileDestination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.save.Saving;
import dev.keg.backup.save.StreamDestination;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.TarReader;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.DirectorySync;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExportingTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  private Saved export(BackupRecord backup, Destination destination) {
    try (RestoreSource.Indexed source = RestoreSource.of(host.repository, backup, true)) {
      return new Exporting(host.clock, host.saveListener(), 2).export(source, destination);
    }
  }

  private byte[] exported(BackupRecord backup) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Saved saved = export(backup, new StreamDestination(out, new Compression.None()));
    assertThat(saved.whole()).isTrue();
    assertThat(saved.problems()).isEmpty();
    return out.toByteArray();
  }

  private byte[] exported(VolumeName volume) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Saved saved =
        new Saving(host.context, SaveRequest.plain(2), host.saveListener())
            .save(volume, new StreamDestination(out, new Compression.None()));
    assertThat(saved.whole()).isTrue();
    return out.toByteArray();
  }

  private void fill() throws IOException {
    host.write(db, "etc/small", "hello");
    host.write(db, "etc/empty", "");
    host.write(db, "large", "x".repeat(3 << 20));
    Path data = host.data(db);
    Files.createSymbolicLink(data.resolve("link"), host.files.getPath("etc/small"));
    Files.createLink(data.resolve("z-name"), data.resolve("etc/small"));
  }

  @Test
  void an_exported_backup_has_the_bytes_of_the_restored_volume() throws IOException {
    fill();
    host.save(db);
    BackupRecord first = host.last(host.repository);
    byte[] before = exported(db);
    host.write(db, "etc/small", "changed");
    host.write(db, "large", "y" + "x".repeat(3 << 20));
    host.save(db);
    BackupRecord second = host.last(host.repository);
    assertThat(second.objects()).hasSize(2);
    host.volumes.remove("db", Removal.Mode.NORMAL);

    byte[] exported = exported(second);
    assertThat(exported(first)).isEqualTo(before).isNotEqualTo(exported);

    try (RestoreSource source = RestoreSource.of(host.repository, second, true)) {
      new Restoring(host.context)
          .create(source, host.restoreRequest(db, Mode.EMPTY), host.listener());
    }
    assertThat(exported).isEqualTo(exported(db));
  }

  @Test
  void nothing_is_made_on_this_host() throws IOException {
    fill();
    host.save(db);
    host.volumes.remove("db", Removal.Mode.NORMAL);
    List<Path> before = files();

    assertThat(exported(host.last(host.repository))).isNotEmpty();

    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(host.files.getPath("/keg"))) {
      return all.toList();
    }
  }

  @Test
  void a_disk_is_exported_as_the_file_that_it_is() throws IOException {
    VolumeName vm = new VolumeName("vm");
    host.volumes.create(
        new VolumeRequest(
            vm, "disks", Options.of(Map.of("size", "1m")), Labels.NONE, Ownership.DEFAULT));
    Files.writeString(host.registry.layout().home(vm).file("disk.raw"), "sectors");
    // The first one changes the time of the directory, beside whose disk it is remembered.
    host.save(vm, SaveRequest.plain(1));
    host.save(vm, SaveRequest.plain(1));
    BackupRecord backup = host.last(host.repository);
    assertThat(backup.volume().holdsDisk()).isTrue();

    byte[] tar = exported(backup);

    assertThat(tar).isEqualTo(exported(vm));
    TarReader reader = new TarReader("t", new ByteArrayInputStream(tar), TarLimits.FOREIGN);
    assertThat(reader.next().orElseThrow().path().isRoot()).isTrue();
    assertThat(reader.next().orElseThrow().path()).hasToString("disk.raw");
  }

  private void damage(DataObject object) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate((int) object.size().bytes());
    host.store.read(object.name(), 0, bytes);
    bytes.array()[bytes.capacity() / 3] ^= 1;
    host.store.damage(object.name(), bytes.array());
  }

  @Test
  void a_damaged_backup_leaves_no_file_and_keeps_the_one_before() throws Exception {
    byte[] noise = new byte[100_000];
    new SplittableRandom(1).nextBytes(noise);
    Files.write(host.data(db).resolve("noise"), noise);
    host.save(db);
    damage(host.last(host.repository).own());
    Path directory = Files.createDirectory(host.files.getPath("/exports"));
    Path file = Files.writeString(directory.resolve("db.tar"), "an earlier export");
    Destination destination =
        new FileDestination(
            file,
            new Compression.None(),
            OptionalInt.empty(),
            DirectorySync.NONE,
            new SplittableRandom(2));

    assertThatThrownBy(() -> export(host.last(host.repository), destination))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("damaged in the frame at byte")
        .satisfies(
            e ->
                assertThat(((InvalidArchive) e).hint().orElseThrow())
                    .contains("restore --skip-damaged"));

    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).containsExactly(file);
    }
    assertThat(Files.readString(file)).isEqualTo("an earlier export");
  }
}
