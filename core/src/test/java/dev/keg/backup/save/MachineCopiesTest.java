package dev.keg.backup.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.ObjectName;
import dev.keg.disk.update.ImageBytes;
import dev.keg.disk.update.Qcow2Changes;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.machine.DiskCopy;
import dev.keg.machine.Plug;
import dev.keg.machine.RunningMachine;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A series of backups of a disk to which a machine writes. */
final class MachineCopiesTest {
  private static final VolumeName VM = new VolumeName("vm");
  private static final int CLUSTER = 64 << 10;
  private static final int SIZE = 12 << 20;

  private final BackedHost host = new BackedHost();
  private final Machine machine = new Machine();

  /** A machine with a disk in memory, which it copies like QEMU. */
  private static final class Machine implements RunningMachine {
    final byte[] disk = new byte[SIZE];
    final Map<String, Set<Integer>> bitmaps = new HashMap<>();
    final List<String> copies = new ArrayList<>();

    /** Other bitmaps, with the size of the changes; empty for an inconsistent bitmap. */
    final Map<String, Optional<Size>> others = new HashMap<>();

    long lost;

    void write(int cluster, int value) {
      for (int i = 0; i < CLUSTER; i++) {
        disk[cluster * CLUSTER + i] = (byte) (value == 0 ? 0 : value + i / 100);
      }
      bitmaps.values().forEach(dirty -> dirty.add(cluster));
    }

    @Override
    public void endCopies(List<Plug> disks) {}

    @Override
    public List<Size> copy(List<DiskCopy> wanted, LongConsumer copied) {
      DiskCopy copy = wanted.getFirst();
      copies.add(copy.since().isPresent() ? "changes" : "whole");
      Set<Integer> dirty = copy.since().map(bitmaps::get).orElse(Set.of());
      byte[] bytes = copy.since().isPresent() ? changes(dirty) : disk;
      FileFailures.run("write", copy.target(), () -> Files.write(copy.target(), bytes));
      copy.next().ifPresent(next -> bitmaps.put(next, new TreeSet<>()));
      return List.of(new Size((long) dirty.size() * CLUSTER - lost));
    }

    /** Header, refcounts, L1, one L2, and then the clusters. */
    private byte[] changes(Set<Integer> dirty) {
      ByteBuffer image = ByteBuffer.allocate((4 + dirty.size()) * CLUSTER);
      image.putInt(0, 0x514649FB).putInt(4, 3).putInt(20, 16).putLong(24, SIZE).putInt(36, 1);
      image.putLong(40, 2 * CLUSTER).putLong(48, CLUSTER).putInt(56, 1).putInt(96, 4);
      image.putLong(2 * CLUSTER, 3 * CLUSTER | 1L << 63);
      int at = 4 * CLUSTER;
      for (int cluster : dirty) {
        byte[] data = new byte[CLUSTER];
        System.arraycopy(disk, cluster * CLUSTER, data, 0, CLUSTER);
        boolean zeros = ByteBuffer.wrap(data).equals(ByteBuffer.allocate(CLUSTER));
        image.putLong(3 * CLUSTER + cluster * Long.BYTES, zeros ? 1 : at | 1L << 63);
        image.put(at, data);
        at += CLUSTER;
      }
      return image.array();
    }

    @Override
    public Map<String, Size> bitmaps(Plug plug) {
      Map<String, Size> whole = new HashMap<>();
      bitmaps.forEach((name, dirty) -> whole.put(name, new Size((long) dirty.size() * CLUSTER)));
      others.forEach((name, written) -> written.ifPresent(size -> whole.put(name, size)));
      return whole;
    }

    @Override
    public void removeBitmaps(Plug plug, Predicate<String> names) {
      bitmaps.keySet().removeIf(names);
      others.keySet().removeIf(names);
    }

    @Override
    public void plug(Plug plug) {
      throw new AssertionError();
    }

    @Override
    public void unplug(Plug plug) {
      throw new AssertionError();
    }

    @Override
    public boolean lacks(Plug plug) {
      throw new AssertionError();
    }
  }

  @BeforeEach
  void a_machine_with_a_disk() throws IOException {
    host.volumes.create(
        new VolumeRequest(
            VM, "disks", Options.of(Map.of("size", "12m")), Labels.NONE, Ownership.DEFAULT));
    host.attachments.add(
        VM, new Attachment.Disk("web", "vda", false, Instant.EPOCH, Optional.empty()));
    new Random(1).nextBytes(machine.disk);
    Files.write(host.registry.layout().home(VM).file("disk.raw"), new byte[SIZE]);
  }

  private static SaveRequest request(Optional<UserCommands> commands) {
    return new SaveRequest(
        false,
        OptionalInt.empty(),
        SaveRequest.plain(1).excluded(),
        commands,
        Optional.empty(),
        Set.of(),
        1);
  }

  private Saved save(Repository... to) {
    host.advance(Duration.ofDays(1));
    return host.save(VM, request(Optional.empty()), Optional.of(machine), to);
  }

  private byte[] restored() throws IOException {
    VolumeName plain = host.create("plain" + host.last(host.repository).id());
    host.restore(host.restoreRequest(plain, Mode.EMPTY));
    return Files.readAllBytes(host.registry.layout().home(plain).data().resolve("disk.raw"));
  }

  private void assertGood() throws IOException {
    assertThat(restored()).isEqualTo(machine.disk);
    Backup last = host.repository.list(VM).backups().getLast();
    assertThat(host.verify(host.repository, last).findings()).isEmpty();
  }

  @Test
  void the_second_backup_copies_and_stores_only_what_was_written() throws IOException {
    assertThat(save().stored().bytes()).isGreaterThan(SIZE);
    machine.write(3, 7);
    machine.write(100, 0);
    machine.write(191, 9);

    assertThat(save().stored().bytes()).isLessThan(16 << 10);

    assertThat(machine.copies).containsExactly("whole", "changes");
    assertThat(machine.bitmaps).hasSize(1);
    assertGood();
    assertThat(save().stored().bytes()).isLessThan(4096);
    assertGood();
  }

  @Test
  void a_backup_that_fails_has_lost_nothing() throws IOException {
    save();
    machine.write(3, 7);
    Set<String> before = Set.copyOf(machine.bitmaps.keySet());
    UserCommands failing =
        new UserCommands(
            Optional.empty(),
            Optional.of("after"),
            Optional.empty(),
            BackedHost.programs(_ -> false),
            OutputStream.nullOutputStream());
    assertThatThrownBy(() -> host.save(VM, request(Optional.of(failing)), Optional.of(machine)))
        .isInstanceOf(VolumeException.class);

    assertThat(machine.bitmaps.keySet()).isEqualTo(before);
    machine.write(5, 8);
    save();
    assertThat(machine.copies).containsExactly("whole", "changes", "changes");
    assertGood();
  }

  @Test
  void each_repository_has_a_bitmap_of_its_own() throws IOException {
    save(host.repository);
    machine.write(3, 7);
    save(host.stranger());
    machine.write(4, 8);
    save(host.repository);

    assertThat(machine.copies).containsExactly("whole", "whole", "changes");
    assertThat(machine.bitmaps).hasSize(2);
    assertGood();
  }

  @Test
  void a_bitmap_that_no_backup_would_use_goes() {
    machine.others.put("keg-11111111-full", Optional.of(new Size(DiskPlan.MOST + 1)));
    machine.others.put("keg-22222222-used", Optional.of(new Size(DiskPlan.MOST)));
    machine.others.put("keg-33333333-broken", Optional.empty());
    machine.others.put("of-somebody-else", Optional.empty());

    save();

    assertThat(machine.others).containsOnlyKeys("keg-22222222-used", "of-somebody-else");
  }

  @Test
  void a_bitmap_since_another_backup_is_not_trusted() throws IOException {
    save();
    machine.write(3, 7);
    save();
    host.repository.forget(List.of(host.last(host.repository).id()));

    save();

    assertThat(machine.copies).containsExactly("whole", "changes", "whole");
    assertThat(machine.bitmaps).hasSize(1);
    assertGood();
  }

  @Test
  void a_copy_that_lacks_something_is_refused_and_the_next_one_is_whole() throws IOException {
    save();
    machine.write(3, 7);
    machine.lost = -CLUSTER;

    assertThatThrownBy(() -> save())
        .isInstanceOf(BackupFailed.class)
        .hasMessageContaining("the machine's copy does not match the previous backup");

    assertThat(machine.bitmaps).isEmpty();
    save();
    assertThat(machine.copies).containsExactly("whole", "changes", "whole");
    assertGood();
  }

  @Test
  void after_damage_where_something_was_written_the_next_one_is_whole() throws IOException {
    save();
    ObjectName object = host.last(host.repository).own().name();
    ByteBuffer bytes = ByteBuffer.allocate(13 << 20);
    byte[] damaged = new byte[host.store.read(object, 0, bytes)];
    bytes.flip().get(damaged);
    damaged[SIZE / 2] ^= 1;
    host.store.damage(object, damaged);
    for (int cluster = 80; cluster < 120; cluster++) {
      machine.write(cluster, cluster);
    }

    assertThatThrownBy(() -> save())
        .isInstanceOfSatisfying(
            InvalidArchive.class,
            failed -> assertThat(failed.hint().orElseThrow()).startsWith("run it again"));

    assertThat(machine.bitmaps).isEmpty();
    save();
    assertThat(machine.copies).containsExactly("whole", "changes", "whole");
    assertGood();
  }

  @Test
  void an_image_of_too_many_clusters_is_not_read_to_its_end() throws IOException {
    ByteBuffer image = ByteBuffer.wrap(machine.changes(Set.of(1, 2)));
    ImageBytes bytes = (at, length) -> image.slice((int) at, length);
    assertThat(Qcow2Changes.of(bytes, SIZE, 2)).isPresent();
    assertThat(Qcow2Changes.of(bytes, SIZE, 1)).isEmpty();
  }

  @Test
  void a_full_backup_reads_the_whole_disk() {
    save();
    host.advance(Duration.ofDays(1));
    host.save(VM, SaveRequest.plain(1), Optional.of(machine));
    save();
    assertThat(machine.copies).containsExactly("whole", "whole", "changes");
  }
}
