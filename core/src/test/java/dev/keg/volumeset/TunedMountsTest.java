package dev.keg.volumeset;

import static dev.keg.volumeset.Machine.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.mountspec.MountSpec;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuning;
import dev.keg.tuning.Tunings;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.Machine.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each mount applies the settings that {@code keg tune} keeps. */
class TunedMountsTest {
  private static final Tuning NOATIME = Tuning.NONE.with(Setting.ATIME, "noatime");
  private static final Tuning KYBER = Tuning.NONE.with(Setting.SCHEDULER, "kyber");

  private final Machine machine;

  TunedMountsTest() throws IOException {
    machine = new Machine();
  }

  @BeforeEach
  void volumes() {
    machine.volumes.create(VolumeRequest.named(new VolumeName("plain")));
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("disk"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
  }

  private void tune(String volume, Tuning wanted) {
    VolumeName name = new VolumeName(volume);
    try (View view = new Views(machine.context).openForWriting("tune", name)) {
      new Tunings(machine.context.services(), machine.tuner)
          .change(name, view.data(), wanted, false);
    }
    machine.tuner.calls.clear();
  }

  private String keptFile() throws IOException {
    return Files.readString(machine.data("disk").resolveSibling("tuning.json"));
  }

  @Test
  void a_device_is_tuned_while_the_volume_is_mounted() throws IOException {
    tune("disk", KYBER);
    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("none");

    machine.access.reveal("disk");
    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("kyber");
    assertThat(keptFile()).contains("\"value\":\"none\"");

    machine.access.conceal("disk", false);
    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("none");
    assertThat(keptFile()).contains("\"before\":[]");
  }

  /** If others have it mounted, its file system keeps their settings. */
  @Test
  void a_mount_gives_its_words_to_the_file_system() throws IOException {
    mount("/first", Set.of("lazytime", "sync"));
    assertThat(machine.tuner.calls).containsExactly("[lazytime, sync] _data");

    mount("/second", Set.of());
    Map<String, Object> before = machine.state();
    assertThatThrownBy(() -> mount("/third", Set.of("sync")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount disk: others have it mounted");
    assertThat(machine.state()).isEqualTo(before);
  }

  private void mount(String target, Set<String> shared) {
    SetUpRequest plain = machine.setUp(WEB, false, Wanted.volumes("disk:" + target));
    MountSpec spec = plain.mounts().getFirst();
    machine.sets.setUp(
        new SetUpRequest(
            WEB,
            plain.rootfs(),
            List.of(spec.with(spec.access().withShared(shared))),
            false,
            false));
  }

  /** As after a kill, or after umount(8): the device still has the settings of the other volume. */
  @Test
  void a_device_keeps_nothing_of_the_volume_that_had_it_before() {
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("next"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    tune("disk", KYBER);
    machine.access.reveal("disk");
    machine.table.unmount(machine.data("disk").toString());

    machine.access.reveal("next");

    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("none");
    assertThat(notes()).isEmpty();
  }

  /** The other volume may be gone or renamed. */
  @Test
  void a_device_is_given_back_without_a_look_at_other_volumes() throws IOException {
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("next"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    tune("disk", KYBER);
    machine.access.reveal("disk");
    machine.table.unmount(machine.data("disk").toString());
    Files.delete(machine.data("disk").resolveSibling("tuning.json"));

    machine.access.reveal("next");

    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("none");
  }

  @Test
  void a_note_says_what_a_device_has_while_its_volume_is_mounted() {
    tune("disk", KYBER);

    machine.access.reveal("disk");
    assertThat(notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note)
                    .hasFileName("vda.scheduler.json")
                    .content()
                    .contains("\"value\":\"none\"", "{\"scheduler\":\"kyber\"}"));
    machine.tuner.calls.clear();
    machine.access.reveal("disk");
    assertThat(machine.tuner.calls).isEmpty();

    machine.access.conceal("disk", false);
    assertThat(notes()).isEmpty();
  }

  private List<Path> notes() {
    Path directory = machine.context.services().registry().layout().tuned();
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_device_keeps_what_an_operator_has_set() {
    machine.volumes.create(
        new VolumeRequest(
            new VolumeName("next"), "mounting", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    tune("disk", KYBER);
    machine.access.reveal("disk");
    machine.table.unmount(machine.data("disk").toString());
    machine.tuner.put(Setting.SCHEDULER, "mq-deadline");

    machine.access.reveal("next");

    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("mq-deadline");
  }

  @Test
  void a_device_that_others_use_stays_tuned() {
    machine.tuner.sharers.add("/");
    tune("disk", KYBER);

    machine.access.reveal("disk");
    machine.access.conceal("disk", false);

    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("kyber");
  }

  @Test
  void a_device_is_tuned_again_if_it_cannot_be_unmounted() {
    tune("disk", KYBER);
    machine.access.reveal("disk");
    machine.mounting.unmountFails = true;

    assertThatThrownBy(() -> machine.access.conceal("disk", false))
        .isInstanceOf(DriverFailed.class);

    assertThat(machine.tuner.value(Setting.SCHEDULER)).isEqualTo("kyber");
  }

  @Test
  void a_device_that_cannot_be_tuned_does_not_stop_a_mount() {
    tune("disk", KYBER);
    machine.tuner.broken.add(Setting.SCHEDULER);

    assertThat(machine.access.reveal("disk")).isEqualTo(machine.data("disk"));
    assertThat(machine.warnings)
        .containsExactly("disk is mounted without its tuning: cannot set scheduler of vda: broken");
  }

  @Test
  void a_damaged_record_does_not_keep_a_volume_mounted() throws IOException {
    machine.access.reveal("disk");
    Files.writeString(machine.data("disk").resolveSibling("tuning.json"), "{");

    machine.access.conceal("disk", false);

    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.warnings)
        .isNotEmpty()
        .allSatisfy(warning -> assertThat(warning).contains("tuning.json"));
  }

  @Test
  void a_damaged_record_does_not_keep_a_volume_unmounted() throws IOException {
    for (String volume : List.of("disk", "plain")) {
      Files.writeString(machine.data(volume).resolveSibling("tuning.json"), "{");
    }

    machine.mount(WEB, Wanted.volumes("disk:/disk", "plain:/data"));

    assertThat(machine.holders("disk")).hasSize(1);
    assertThat(machine.holders("plain")).hasSize(1);
    assertThat(machine.warnings)
        .hasSize(2)
        .allSatisfy(
            warning ->
                assertThat(warning)
                    .contains("is mounted without its tuning")
                    .contains("tuning.json is damaged"));
  }

  /** The directory is then on the disk of the host. */
  @Test
  void nothing_is_set_where_the_volume_is_not_mounted() {
    tune("disk", KYBER);
    machine.access.reveal("disk");
    machine.table.unmount(machine.data("disk").toString());
    machine.tuner.calls.clear();
    machine.mounting.unmountFails = true;

    assertThatThrownBy(() -> machine.access.conceal("disk", false))
        .isInstanceOf(DriverFailed.class);

    assertThat(machine.tuner.calls).isEmpty();
  }

  @Test
  void a_record_with_an_unknown_word_is_an_error_that_says_so() throws IOException {
    Files.writeString(
        machine.data("plain").resolveSibling("tuning.json"),
        "{\"schema\":1,\"before\":[],\"settings\":{\"atime\":\"sometimes\"}}");

    assertThatThrownBy(() -> machine.mount(WEB, Wanted.volumes("plain:/data")))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("has no atime 'sometimes'");
  }

  @Test
  void a_mount_that_cannot_be_tuned_fails_and_is_gone() {
    tune("disk", Tuning.NONE.with(Setting.SYNC, "sync"));
    machine.tuner.put(Setting.SYNC, "async");
    machine.tuner.broken.add(Setting.SYNC);

    assertThatThrownBy(() -> machine.access.reveal("disk"))
        .isInstanceOfSatisfying(
            DriverFailed.class,
            e ->
                assertThat(e.hint())
                    .contains(
                        "mend it; `keg tune --reset disk` lets it be mounted without its settings"))
        .hasMessage("mount disk: cannot set sync of vda: broken");
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("disk")).isEmpty();
  }

  @Test
  void each_mount_of_a_directory_has_its_times_of_access() {
    tune("plain", NOATIME);

    machine.mount(WEB, Wanted.volumes("plain:/data", "plain:/ro:ro"));

    assertThat(machine.tuner.accessTimes(site("data"))).isEqualTo("noatime");
    assertThat(machine.tuner.accessTimes(site("ro"))).isEqualTo("noatime");
    assertThat(machine.tuner.accessTimes(machine.data("plain"))).isEqualTo("relatime");
  }

  @Test
  void a_specification_comes_first() {
    tune("plain", Tuning.NONE.with(Setting.ATIME, "strictatime"));

    machine.mount(WEB, Wanted.volumes("plain:/data:noatime"));

    assertThat(machine.tuner.calls).isEmpty();
  }

  @Test
  void a_mount_of_a_directory_that_cannot_be_tuned_fails_and_is_gone() {
    tune("plain", NOATIME);
    machine.tuner.broken.add(Setting.ATIME);

    assertThatThrownBy(() -> machine.mount(WEB, Wanted.volumes("plain:/data")))
        .isInstanceOf(DriverFailed.class);
    assertThat(machine.table.mounts()).isEmpty();
    assertThat(machine.holders("plain")).isEmpty();
  }

  @Test
  void what_is_not_tuned_is_left_alone() {
    machine.mount(WEB, Wanted.volumes("plain:/data", "disk:/disk"));

    assertThat(machine.tuner.calls).isEqualTo(List.of());
  }

  private Path site(String name) {
    return machine.rootfs.resolve(name);
  }
}
