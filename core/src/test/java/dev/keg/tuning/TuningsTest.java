package dev.keg.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.lifecycle.Store;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningsTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final VolumeName WEB = new VolumeName("web");

  private final FakeTuner machine = new FakeTuner();

  @TempDir Path root;

  @BeforeEach
  void two_directories_on_one_disk() throws IOException {
    Store.open(root).fill("db");
    Store.open(root).fill("web");
    machine.sharers.add("/");
  }

  private Store store() {
    Store store = Store.open(root, machine);
    store.registry().openForWriting();
    return store;
  }

  private Path data(VolumeName name) {
    return store().registry().layout().home(name).data();
  }

  private List<Tuned> change(VolumeName name, Tuning wanted) {
    return store().tunings().change(name, data(name), wanted, false);
  }

  private List<Tuned> reset(VolumeName name) {
    return store().tunings().reset(name, () -> Optional.of(data(name)), false);
  }

  private static Tuning scheduler(String name) {
    return Tuning.NONE.with(Setting.SCHEDULER, name);
  }

  private Tuning kept(VolumeName name) {
    Tuning kept = Tuning.NONE;
    Store store = store();
    for (Tuned tuned : store.tunings().look(store.registry().get("", name), Optional.empty())) {
      kept =
          tuned
              .kept()
              .map(value -> Tuning.NONE.with(tuned.setting(), value))
              .map(kept::with)
              .orElse(kept);
    }
    return kept;
  }

  @Test
  void a_change_tells_what_was_and_is_kept() {
    Tuned tuned = change(DB, scheduler("kyber")).getFirst();

    assertThat(tuned.before()).contains("none");
    assertThat(tuned.after()).contains("kyber");
    assertThat(tuned.sharers()).containsExactly("/");
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
    assertThat(kept(DB)).isEqualTo(scheduler("kyber"));
  }

  @Test
  void a_later_change_leaves_the_other_settings() {
    change(DB, scheduler("kyber"));
    change(DB, Tuning.NONE.with(Setting.READAHEAD, "4096"));

    assertThat(kept(DB)).isEqualTo(scheduler("kyber").with(Setting.READAHEAD, "4096"));
  }

  @Test
  void a_setting_that_fails_undoes_those_before_it() {
    machine.broken.add(Setting.READAHEAD);

    assertThatThrownBy(() -> change(DB, scheduler("kyber").with(Setting.READAHEAD, "4096")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("tune db: cannot set readahead of vda: broken");
    assertThat(machine.calls).containsExactly("scheduler kyber", "scheduler none");
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
  }

  @Test
  void an_unknown_scheduler_is_answered_with_those_there_are() {
    assertThatThrownBy(() -> change(DB, scheduler("deadline")))
        .hasMessage("tune db: vda has no scheduler 'deadline'; it has none, mq-deadline, kyber");
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
  }

  @Test
  void a_dry_run_changes_nothing() {
    store().tunings().change(DB, data(DB), scheduler("kyber"), true);

    assertThat(machine.calls).isEmpty();
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
  }

  @Test
  void a_reset_brings_back_what_was_before_the_first_change() {
    change(DB, scheduler("kyber"));
    change(DB, scheduler("mq-deadline"));

    assertThat(reset(DB).getFirst().after()).contains("none");
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("none");
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
    assertThat(reset(DB)).isEmpty();
  }

  @Test
  void a_dry_reset_changes_nothing() {
    change(DB, scheduler("kyber"));

    store().tunings().reset(DB, () -> Optional.of(data(DB)), true);

    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
    assertThat(kept(DB)).isEqualTo(scheduler("kyber"));
  }

  @Test
  void a_reset_that_fails_undoes_its_changes() {
    change(DB, scheduler("kyber").with(Setting.READAHEAD, "4096"));
    machine.broken.add(Setting.READAHEAD);

    assertThatThrownBy(() -> reset(DB)).isInstanceOf(DriverFailed.class);

    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
    assertThat(kept(DB)).isEqualTo(scheduler("kyber").with(Setting.READAHEAD, "4096"));
  }

  @Test
  void a_reset_leaves_what_somebody_else_has_set() {
    change(DB, scheduler("kyber"));
    machine.put(Setting.SCHEDULER, "mq-deadline");

    Tuned tuned = reset(DB).getFirst();

    assertThat(tuned.after()).contains("mq-deadline");
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("mq-deadline");
  }

  @Test
  void the_last_of_two_volumes_on_a_disk_brings_back_what_was_before_both() {
    change(DB, scheduler("kyber"));
    change(WEB, scheduler("mq-deadline"));

    reset(DB);
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("mq-deadline");
    reset(WEB);
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("none");
  }

  @Test
  void a_reset_leaves_a_shared_disk_to_the_other_volume() {
    change(DB, scheduler("kyber"));
    change(WEB, scheduler("mq-deadline"));

    reset(WEB);

    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
  }

  @Test
  void times_of_access_of_a_directory_wait_for_its_mounts() {
    Tuned tuned = change(DB, Tuning.NONE.with(Setting.ATIME, "noatime")).getFirst();

    assertThat(tuned.place()).contains("later mounts");
    assertThat(tuned.before()).contains("relatime");
    assertThat(machine.calls).isEmpty();
    assertThat(reset(DB).getFirst().after()).contains("relatime");
  }

  /** A killed command has recorded its intended changes. */
  @Test
  void the_same_command_completes_one_that_was_killed() {
    change(DB, scheduler("kyber"));
    machine.put(Setting.SCHEDULER, "none");

    change(DB, scheduler("kyber"));

    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
    assertThat(reset(DB).getFirst().after()).contains("none");
  }

  @Test
  void what_a_disk_was_set_to_says_nothing_of_a_later_one_of_its_name() {
    change(DB, scheduler("kyber"));
    machine.replaceDisk();

    assertThat(reset(DB).getFirst().after()).contains("kyber");
    assertThat(machine.value(Setting.SCHEDULER)).isEqualTo("kyber");
  }

  @Test
  void a_volume_that_is_not_visible_is_only_forgotten() {
    change(DB, scheduler("kyber"));

    Tuned tuned = store().tunings().reset(DB, Optional::empty, false).getFirst();

    assertThat(tuned.after()).isEmpty();
    assertThat(tuned.why()).isEqualTo("the volume is not mounted");
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
  }

  @Test
  void a_damaged_record_is_refused_and_does_not_stop_other_volumes() throws IOException {
    Files.writeString(store().home("db").resolve("tuning.json"), "{\"schema\":1}");

    assertThatThrownBy(() -> change(DB, scheduler("kyber"))).isInstanceOf(Damaged.class);
    assertThat(change(WEB, scheduler("kyber"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\":1}",
        "{\"schema\":1,\"before\":[],\"settings\":{\"readahead\":\"18446744073709551615\"}}",
        "{\"schema\":1,\"before\":[{\"boot\":\"b\",\"host\":\"h\",\"place\":\"vda\","
            + "\"setting\":\"readahead\",\"value\":\"much\"}],\"settings\":{}}"
      })
  void a_reset_ends_a_damaged_record(String damaged) throws IOException {
    Files.writeString(store().home("db").resolve("tuning.json"), damaged);

    assertThat(reset(DB)).isEmpty();

    assertThat(store().home("db").resolve("tuning.json")).doesNotExist();
    assertThat(kept(DB)).isEqualTo(Tuning.NONE);
  }
}
