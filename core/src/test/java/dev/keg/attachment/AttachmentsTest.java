package dev.keg.attachment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Attachment.Placement;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.registry.Catalog.Elsewhere;
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
  private static final String DATA = "/keg/volumes/db/_data";
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
    assertThat(Attachments.id(mount("web", "/srv", 5))).isEqualTo(Attachments.id(web));
    assertThat(Attachments.id(mount("job", "/srv", 0))).isNotEqualTo(Attachments.id(web));
  }

  /** Two mounts with a machine between them; the mounts are no longer at their original places. */
  private List<Attachment> moveTwoMounts(String... places) {
    List<Attachment> all =
        List.of(mount("a", "/srv/a", 0), disk("vm1", 1), mount("b", "/srv/b", 2));
    all.forEach(holder -> attachments.add(DB, holder));
    List.of(places).forEach(place -> mounts.bind(DATA, place));
    return attachments.current(DB);
  }

  @ParameterizedTest
  @CsvSource({
    "/one,/two,/one,/two",
    // Only one place has the data, so it may be either mount.
    "/one,/one,/one,/one",
    // One mount is still at its place, and the other has been moved.
    "/srv/a,/one,/srv/a,/one",
  })
  void a_mount_that_was_moved_is_shown_at_its_new_place(
      String place, String second, String a, String b) {
    assertThat(moveTwoMounts(Stream.of(place, second).distinct().toArray(String[]::new)))
        .containsExactly(mount("a", a, 0), disk("vm1", 1), mount("b", b, 2));
  }

  @Test
  void a_mount_that_is_nowhere_does_not_count() {
    assertThat(moveTwoMounts()).containsExactly(disk("vm1", 1));
    assertThat(attachments.current(DB, layout.home(DB))).containsExactly(disk("vm1", 1));
  }

  @Test
  void a_mount_whose_engine_ended_counts_only_while_its_data_is_somewhere_else() {
    Attachment.Mount asked = mount("web", "/srv", 0).askedBy(Optional.of("dockerd 1"));
    Attachment.Mount other = mount("job", "/opt", 1).askedBy(Optional.of("dockerd 2"));
    Attachment.Mount byHand = mount("", "/mnt", 2);
    List.of(asked, other, byHand).forEach(holder -> attachments.add(DB, holder));
    List.of("/srv", "/opt", "/mnt").forEach(mounts::mount);
    assertThat(attachments.leftBehind(DB)).isEmpty();

    mounts.end("dockerd 1");
    assertThat(attachments.leftBehind(DB)).containsExactly(asked);
    assertThat(attachments.current(DB)).containsExactly(other, byHand);
    assertThat(attachments.currentForSure(DB)).containsExactly(other, byHand);

    mounts.bindElsewhere(DATA, "/container", 7);
    assertThat(attachments.leftBehind(DB)).isEmpty();
    assertThat(attachments.current(DB)).containsExactly(asked, other, byHand);

    mounts.reboot();
    assertThat(attachments.leftBehind(DB)).isEmpty();
  }

  @Test
  void a_holder_about_to_leave_is_not_among_the_others() {
    mounts.mount("/srv");
    mounts.mount("/opt");
    attachments.add(DB, mount("web", "/srv", 0));
    attachments.add(DB, mount("job", "/opt", 1));

    assertThat(attachments.others(DB, mount("web", "/srv", 9)))
        .containsExactly(mount("job", "/opt", 1));
  }

  @Test
  void the_last_change_is_when_a_holder_came_or_left_and_not_when_data_was_only_read()
      throws IOException {
    assertThat(attachments.lastChange(DB)).isEmpty();

    attachments.unnoticed(DB, NOW, () -> attachments.add(DB, mount("look", "/look", 0)));
    assertThat(attachments.lastChange(DB)).contains(NOW);
    assertThat(attachments.recorded(DB)).hasSize(1);

    attachments.unnoticed(
        DB, NOW.plusSeconds(9), () -> attachments.remove(DB, mount("look", "/look", 0)));
    assertThat(attachments.lastChange(DB, layout.home(DB))).contains(NOW);
    assertThat(attachments.recorded(DB)).isEmpty();

    attachments.add(DB, mount("web", "/srv", 0));
    assertThat(attachments.lastChange(DB).orElseThrow()).isAfter(NOW);
  }

  @ParameterizedTest
  @CsvSource({"web,web on host two", "'',/srv on host two"})
  void a_holder_on_another_host_is_named_with_it(String container, String holder) {
    Attachment far = mount(container, "/srv", 0);

    assertThat(
            AttachmentFile.elsewhere(
                    DB, new Elsewhere("two", new String(AttachmentFile.write(far), UTF_8)))
                .holder())
        .isEqualTo(holder);
  }
}
