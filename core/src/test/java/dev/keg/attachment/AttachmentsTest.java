package dev.keg.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment.Placement;
import dev.keg.attachment.MountTable.MountPoint;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentsTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final List<Path> synced = new ArrayList<>();
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, synced::add, new SplittableRandom(1), _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);

  @BeforeEach
  void volume() throws IOException {
    registry.openForWriting();
    Files.createDirectories(layout.home(DB).data());
    synced.clear();
  }

  private Attachment.Mount mount(String container, String target, int second) {
    return new Attachment.Mount(
        container, target, false, true, NOW.plusSeconds(second), mounts.hostId(), mounts.bootId());
  }

  private static Attachment.Disk disk(String machine, int second) {
    return new Attachment.Disk(
        machine,
        "vda",
        true,
        NOW.plusSeconds(second),
        Optional.of(new Placement(3, List.of("/a", "/b"))));
  }

  private Path only() throws IOException {
    try (Stream<Path> all = Files.list(layout.attachments(layout.home(DB)))) {
      return all.toList().getFirst();
    }
  }

  @Test
  void records_are_read_as_they_were_written_the_oldest_first() {
    List<Attachment> all =
        List.of(
            disk("vm1", 0),
            new Attachment.Disk("vm2", "", false, NOW.plusSeconds(1)),
            mount("a", "/srv/a", 2),
            mount("b", "/srv/b", 2));
    all.reversed().forEach(attachment -> attachments.add(DB, attachment));

    assertThat(attachments.recorded(DB)).isEqualTo(all);
  }

  @Test
  void the_same_holder_at_the_same_place_has_one_record() {
    attachments.add(DB, mount("web", "/srv", 0));
    attachments.add(DB, mount("web", "/srv", 5));
    attachments.add(DB, disk("vm1", 0));
    attachments.add(DB, disk("vm1", 5));

    assertThat(attachments.recorded(DB)).containsExactly(disk("vm1", 5), mount("web", "/srv", 5));
  }

  @Test
  void the_record_of_a_disk_is_synced_and_that_of_a_mount_is_not() {
    attachments.add(DB, mount("web", "/srv", 0));
    attachments.remove(DB, mount("web", "/srv", 0));
    assertThat(synced).isEmpty();

    attachments.add(DB, disk("vm1", 0));
    attachments.remove(DB, disk("vm1", 0));
    Path directory = layout.attachments(layout.home(DB));
    assertThat(synced).containsExactly(directory, directory);
  }

  @Test
  void a_holder_that_left_is_not_recorded_and_may_leave_again() {
    attachments.add(DB, mount("web", "/srv", 0));
    attachments.add(DB, disk("vm1", 0));

    for (int i = 0; i < 2; i++) {
      attachments.remove(DB, mount("web", "/srv", 0));
      attachments.remove(DB, disk("vm1", 0));
    }

    assertThat(attachments.recorded(DB)).isEmpty();
  }

  @Test
  void a_volume_that_nobody_ever_held_has_no_holders() {
    assertThat(attachments.recorded(new VolumeName("other"))).isEmpty();
  }

  @Test
  void a_mount_counts_until_it_is_gone_or_the_host_reboots() {
    Attachment.Mount web = mount("web", "/srv", 0);
    attachments.add(DB, web);
    attachments.add(DB, disk("vm1", 0));
    assertThat(attachments.current(DB)).containsExactly(disk("vm1", 0));

    mounts.mount("/srv");
    assertThat(attachments.current(DB)).containsExactly(disk("vm1", 0), web);
    assertThat(attachments.isMountedHere(web)).isTrue();

    mounts.reboot();
    mounts.mount("/srv");
    assertThat(attachments.current(DB)).containsExactly(disk("vm1", 0));
  }

  @Test
  void a_mount_in_another_namespace_counts_but_is_not_here() {
    Attachment.Mount web = mount("web", "/srv", 0);
    mounts.mount("/srv");
    mounts.move("/srv", 42);

    assertThat(attachments.isCurrent(web)).isTrue();
    assertThat(attachments.isMountedHere(web)).isFalse();
  }

  @Test
  void a_mount_of_another_host_counts_and_is_not_here() {
    Attachment.Mount far = new Attachment.Mount("web", "/srv", false, false, NOW, "far", "boot-9");
    mounts.mount("/srv");

    assertThat(attachments.isCurrent(far)).isTrue();
    assertThat(attachments.isMountedHere(far)).isFalse();
    assertThat(attachments.isMountedHere(disk("vm1", 0))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096})
  void the_record_of_a_mount_that_a_power_failure_tore_is_ignored(int zeros) throws IOException {
    attachments.add(DB, mount("web", "/srv", 0));
    Files.write(only(), new byte[zeros]);

    assertThat(attachments.recorded(DB)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{|it is cut off",
        "{\"schema\":1,\"kind\":\"mount\"}|field \"readOnly\" is missing",
        "{\"schema\":1,\"kind\":\"ghost\",\"readOnly\":true,\"since\":\"2026-11-20T10:00:00Z\"}"
            + "|unknown kind \"ghost\"",
        "{\"schema\":1,\"kind\":\"disk\",\"drive\":\"a\",\"machine\":\"b\",\"readOnly\":true,"
            + "\"since\":\"today\"}|could not be parsed",
        "{\"schema\":1,\"kind\":\"disk\",\"drive\":\"a\",\"machine\":\"b\",\"readOnly\":true,"
            + "\"since\":\"2026-11-20T10:00:00Z\",\"more\":1}|unknown field \"more\"",
      })
  void a_damaged_record_is_an_error(String content, String reason) throws IOException {
    attachments.add(DB, disk("vm1", 0));
    Files.writeString(only(), content);

    assertThatThrownBy(() -> attachments.recorded(DB))
        .isInstanceOf(Damaged.class)
        .hasMessageContaining(reason);
  }

  @Test
  void mounts_are_found_below_the_directory_of_their_volume() {
    mounts.mount("/keg/volumes");
    mounts.mount("/keg/volumes/db/_data");
    mounts.mount("/keg/volumes/db/_data/cache");
    mounts.mount("/keg/volumes/db2");
    mounts.mount("/keg/volumes/.hidden/x");
    mounts.mount("/keg/volumes2/db");

    assertThat(attachments.mounts().inside(DB))
        .extracting(MountPoint::target)
        .map(Path::toString)
        .containsExactly("/keg/volumes/db/_data", "/keg/volumes/db/_data/cache");
    assertThat(attachments.mounts().inside()).containsOnlyKeys(DB, new VolumeName("db2"));
    assertThat(attachments.mounts().inside(new VolumeName("none"))).isEmpty();
  }

  @Test
  void mounts_are_found_although_the_path_of_the_root_is_a_link() throws IOException {
    Files.createSymbolicLink(files.getPath("/link"), files.getPath("/keg"));
    VolumeRegistry linked =
        new VolumeRegistry(
            new RegistryLayout(files.getPath("/link")), _ -> {}, new SplittableRandom(1), _ -> {});
    mounts.mount("/keg/volumes/db/_data");

    assertThat(new Attachments(linked, () -> mounts).mounts().inside(DB)).hasSize(1);
  }

  @Test
  void the_mount_table_is_read_once() {
    List<String> reads = new ArrayList<>();
    Attachments once =
        new Attachments(
            registry,
            () -> {
              reads.add("read");
              return mounts;
            });

    once.recorded(DB);
    assertThat(reads).isEmpty();
    once.mounts().inside(DB);
    once.current(DB);
    once.isMountedHere(mount("web", "/srv", 0));
    assertThat(reads).hasSize(1);
  }

  @Test
  void the_engine_that_asked_is_read_as_it_was_written() {
    Attachment.Mount asked = mount("web", "/srv", 0).askedBy(Optional.of("dockerd 1"));

    attachments.add(DB, asked);

    assertThat(attachments.recorded(DB)).containsExactly(asked);
    assertThat(asked.isSameHold(mount("web", "/srv", 0))).isTrue();
  }

  @Test
  void a_hold_is_the_same_whenever_it_began() {
    Attachment.Mount web = mount("web", "/srv", 0);

    assertThat(mount("web", "/srv", 5).isSameHold(web)).isTrue();
    assertThat(mount("job", "/srv", 0).isSameHold(web)).isFalse();
    assertThat(mount("web", "/opt", 0).isSameHold(web)).isFalse();
    assertThat(
            new Attachment.Mount("web", "/srv", false, true, NOW, "far", mounts.bootId())
                .isSameHold(web))
        .isFalse();
    assertThat(disk("web", 0).isSameHold(web)).isFalse();
  }

  @Test
  void a_system_without_mounts_says_so() {
    NoMounts none = new NoMounts();

    assertThat(none.mounts()).isEmpty();
    assertThat(none.isMounted("/")).isFalse();
    assertThat(none.processWith(files.getPath("/"))).isEmpty();
    assertThat(none.bootId() + none.hostId()).isEmpty();
  }
}
