package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.registry.shared.SharedVolume.State;
import dev.keg.volume.Host;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedVolumeTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final String HOST = "0123";
  private static final Volume VOLUME = Volume.plain(DB);
  private static final Volume ANOTHER =
      VOLUME.withDetails(
          VOLUME.details().ofSame(VolumeId.random(new SplittableRandom(1)), Host.UNKNOWN));

  private static SharedVolume record(Volume volume, State state, String renamedFrom) {
    return new SharedVolume(volume, HOST, state, renamedFrom, List.of(), 1, "");
  }

  private static SharedVolume recordOf(
      String name, Volume volume, State state, String renamedFrom) {
    return record(volume.withName(new VolumeName(name)), state, renamedFrom);
  }

  /** The record of the old name; the volume now has the new name, if that is not empty. */
  private static Optional<SharedVolume> old(Volume volume, State state, String newName) {
    return Optional.of(recordOf("old", volume, state, newName));
  }

  private static Arguments renamed(
      String what,
      Optional<SharedVolume> old,
      List<SharedVolume> others,
      boolean counts,
      boolean late) {
    return arguments(named(what, old), others, counts, late);
  }

  static Stream<Arguments> renamings() {
    Optional<SharedVolume> none = Optional.empty();
    return Stream.of(
        renamed("left for it", old(VOLUME, State.REMOVING, "db"), List.of(), true, false),
        renamed(
            "left, in an older format", old(VOLUME, State.REMOVING, ""), List.of(), true, false),
        renamed("left for another", old(VOLUME, State.REMOVING, "last"), List.of(), false, true),
        renamed("not left", old(VOLUME, State.READY, ""), List.of(), false, false),
        renamed("deleted", none, List.of(), true, false),
        renamed("marked as deleted", old(VOLUME, State.GONE, ""), List.of(), true, false),
        renamed("given to another volume", old(ANOTHER, State.READY, ""), List.of(), true, false),
        renamed(
            "deleted, and the volume is elsewhere",
            none,
            List.of(recordOf("last", VOLUME, State.READY, "")),
            false,
            true),
        renamed(
            "deleted, and the volume is being removed elsewhere",
            none,
            List.of(recordOf("last", VOLUME, State.REMOVING, "")),
            false,
            true),
        renamed(
            "deleted, and the volume was elsewhere",
            none,
            List.of(recordOf("last", VOLUME, State.GONE, "")),
            true,
            false),
        renamed(
            "given to another volume, and the volume is elsewhere",
            old(ANOTHER, State.READY, ""),
            List.of(recordOf("last", VOLUME, State.READY, "")),
            false,
            true));
  }

  @ParameterizedTest
  @MethodSource("renamings")
  void a_new_name_counts_once_the_old_one_is_left_for_it(
      Optional<SharedVolume> old, List<SharedVolume> others, boolean counts, boolean late) {
    SharedVolume renamed = record(VOLUME, State.READY, "old");
    List<SharedVolume> all =
        Stream.of(Stream.of(renamed), old.stream(), others.stream()).flatMap(one -> one).toList();

    assertThat(renamed.counts(old, all::stream)).isEqualTo(counts);
    assertThat(renamed.isLate(old, all::stream)).isEqualTo(late);
  }

  @ParameterizedTest
  @CsvSource({
    "READY, '', true",
    "REMOVING, '', false",
    "GONE, '', false",
    "REMOVING, old, false",
    "GONE, old, false",
  })
  void only_what_is_ready_counts_and_nothing_else_is_late(
      State state, String renamedFrom, boolean counts) {
    SharedVolume record = record(VOLUME, state, renamedFrom);

    assertThat(record.counts(Optional.empty(), () -> Stream.of(record))).isEqualTo(counts);
    assertThat(record.isLate(Optional.empty(), () -> Stream.of(record))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "READY, '', READY",
    "REMOVING, '', READY",
    "REMOVING, last, REMOVING",
    "GONE, '', GONE"
  })
  void a_removal_is_reverted_and_a_renaming_is_not(State state, String newName, State kept) {
    SharedVolume record = record(VOLUME, state, newName);

    assertThat(record.kept()).isEqualTo(record(VOLUME, kept, newName));
  }

  @Test
  void a_name_is_left_for_one_name() {
    SharedVolume left = record(VOLUME, State.READY, "").removingFor(new VolumeName("last"));

    assertThat(left).isEqualTo(record(VOLUME, State.REMOVING, "last"));
    assertThat(left.hasLeftFor(new VolumeName("last"))).isTrue();
    assertThat(left.hasLeftFor(new VolumeName("other"))).isFalse();
    assertThat(record(VOLUME, State.READY, "last").hasLeftFor(new VolumeName("last"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"EVERY_HOST, true", "ITS_HOST, false"})
  void data_on_a_server_has_no_home(UsableOn usableOn, boolean everywhere) {
    SharedVolume made = SharedVolume.of(VOLUME, HOST, usableOn);

    assertThat(made.isEverywhere()).isEqualTo(everywhere);
    assertThat(made.home()).isEqualTo(everywhere ? "*" : HOST);
    assertThat(made.isReady()).isTrue();
  }

  @Test
  void the_key_of_a_record_has_the_name_of_its_volume() {
    assertThat(SharedVolume.key(DB)).isEqualTo("volumes/db.json");
    assertThat(SharedVolume.name("volumes/db.json")).contains(DB);
    assertThat(SharedVolume.name("volumes/-db.json")).isEmpty();
    assertThat(SharedVolume.name("volumes/db.txt")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void a_record_is_read_as_it_was_written_with_the_next_number(State state) {
    SharedVolume record =
        record(VOLUME, state, "old").with(List.of(new Holder(HOST, "web1", "a.json", "{}")));

    assertThat(SharedVolume.read(DB, record.next("writer")))
        .isEqualTo(
            new SharedVolume(
                VOLUME, HOST, state, "old", record.holders(), record.serial() + 1, "writer"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"state\":\"ready\" -> \"state\":\"odd\"",
        "\"serial\":2 -> \"serial\":\"two\"",
        "\"writer\":\"me\", -> ",
        "\"home\" -> \"more\":1,\"home\"",
        "\"created\":\"1970 -> \"created\":\"then"
      })
  void a_record_with_a_wrong_field_is_damaged(String change) {
    String[] words = change.split(" -> ", -1);
    String text = record(VOLUME, State.READY, "").next("me");
    assertThat(text).contains(words[0]);

    assertThatThrownBy(() -> SharedVolume.read(DB, text.replace(words[0], words[1])))
        .isInstanceOf(Damaged.class)
        .hasMessageStartingWith("volume db is damaged: volumes/db.json: ");
  }
}
