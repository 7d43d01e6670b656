package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.ChangedMeanwhile;
import dev.keg.error.RegistryException.CutOff;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.record.MemoryRecords;
import dev.keg.registry.record.MemoryRecords.Fate;
import dev.keg.registry.record.RecordStore;
import dev.keg.registry.shared.SharedRegistry.Surroundings;
import dev.keg.registry.shared.SharedVolume.State;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of one record by several hosts at once. */
class SharedRecordsTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final String KEY = "volumes/db.json";
  private static final int ATTEMPTS = 20;

  private final MemoryRecords store = new MemoryRecords(true);
  private final RegistryLayout layout =
      new RegistryLayout(Jimfs.newFileSystem(Configuration.unix()).getPath("/web1"));
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private Fate fate = Fate.SERVE;
  private int others;

  @BeforeEach
  void cache() throws IOException {
    Files.createDirectories(layout.cache());
  }

  private SharedRecords records() {
    return records(true);
  }

  /** Those of a new process. */
  private SharedRecords records(boolean deletes) {
    SplittableRandom random = new SplittableRandom(7);
    return new SharedRecords(
        store.connect(() -> fate),
        new Membership("memory", "web1", "registry", deletes),
        new RecordCache(layout.cache(), random, _ -> {}),
        new Surroundings(
            "web1",
            DirectorySync.NONE,
            random,
            pauses::add,
            (_, _) -> true,
            notices::add,
            _ -> {}));
  }

  private static SharedVolume volume(State state) {
    return new SharedVolume(Volume.plain(DB), "web1", state, "", List.of(), 0, "");
  }

  private void write(State state) {
    RecordStore raw = store.connect();
    String version = raw.get(KEY).map(RecordStore.StoredRecord::version).orElse(RecordStore.NONE);
    assertThat(raw.put(KEY, volume(state).next("other"), version)).isPresent();
  }

  /** Another host changes the description. */
  private void writeAsAnother() {
    RecordStore raw = store.connect();
    RecordStore.StoredRecord before = raw.get(KEY).orElseThrow();
    SharedVolume read = SharedVolume.read(DB, before.text());
    String text = read.with(read.volume().withDescription("from other " + ++others)).next("other");
    assertThat(raw.put(KEY, text, before.version())).isPresent();
  }

  private SharedVolume stored() {
    return SharedVolume.read(DB, store.connect().get(KEY).orElseThrow().text());
  }

  private UnaryOperator<SharedVolume> renaming(int interruptions) {
    return now -> {
      if (others < interruptions) {
        writeAsAnother();
      }
      return now.renamedFrom("old");
    };
  }

  @Test
  void a_change_is_repeated_on_what_a_faster_host_wrote() {
    write(State.READY);

    SharedVolume changed = records().edit("update", DB, renaming(2));

    assertThat(changed.renamedFrom()).isEqualTo("old");
    assertThat(changed.volume().details().description()).isEqualTo("from other 2");
    assertThat(stored().volume()).isEqualTo(changed.volume());
    assertThat(pauses).hasSize(2);
  }

  @Test
  void a_change_is_abandoned_if_another_host_is_always_faster() {
    write(State.READY);

    assertThatThrownBy(() -> records().edit("update", DB, renaming(ATTEMPTS)))
        .isInstanceOf(ChangedMeanwhile.class);

    assertThat(pauses).hasSize(ATTEMPTS);
    assertThat(pauses)
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofMillis(1), Duration.ofMillis(80)));
    assertThat(stored().renamedFrom()).isEmpty();
  }

  @Test
  void a_missing_record_is_not_changed() {
    assertThatThrownBy(() -> records().edit("update", DB, now -> now))
        .isInstanceOf(NotFound.class)
        .hasMessage("update db: no such volume");
  }

  @Test
  void a_record_without_a_change_is_written_only_to_outdate_delayed_requests() {
    write(State.READY);
    SharedVolume before = stored();

    assertThat(records().edit("update", DB, now -> now)).isEqualTo(before);
    assertThat(stored()).isEqualTo(before);

    assertThat(records().rewrite("keep", DB, now -> now)).isEqualTo(before);
    assertThat(stored().serial()).isEqualTo(before.serial() + 1);
  }

  @Test
  void a_change_does_not_read_again_what_was_just_read() {
    write(State.READY);
    SharedRecords records = records();
    assertThat(records.find(DB)).isPresent();
    int[] applied = {0};

    SharedVolume changed =
        records.edit(
            "update",
            DB,
            now -> {
              applied[0]++;
              return now.removing();
            });

    assertThat(changed.state()).isEqualTo(State.REMOVING);
    assertThat(stored().state()).isEqualTo(State.REMOVING);
    assertThat(applied[0]).isEqualTo(1);
    assertThat(records.find(DB).orElseThrow().serial()).isEqualTo(stored().serial());
  }

  @Test
  void a_refusal_based_on_an_earlier_read_is_decided_again() {
    write(State.REMOVING);
    SharedRecords records = records();
    assertThat(records.find(DB)).isPresent();
    write(State.READY);

    SharedVolume changed =
        records.edit(
            "update",
            DB,
            now -> {
              if (!now.isReady()) {
                throw new NotFound("update", "db");
              }
              return now.renamedFrom("old");
            });

    assertThat(changed.renamedFrom()).isEqualTo("old");
    assertThat(stored().renamedFrom()).isEqualTo("old");
  }

  @Test
  void a_name_is_free_if_it_has_no_record_or_one_of_a_volume_that_is_gone() {
    assertThat(records().create(DB, volume(State.READY))).isTrue();
    assertThat(records().create(DB, volume(State.READY))).isFalse();
    write(State.REMOVING);
    assertThat(records().create(DB, volume(State.READY))).isFalse();
    write(State.GONE);
    assertThat(records().create(DB, volume(State.READY))).isTrue();
    assertThat(stored().state()).isEqualTo(State.READY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_record_is_deleted_only_if_it_is_still_the_intended_one(boolean readBefore) {
    write(State.READY);
    SharedRecords records = records();
    if (readBefore) {
      assertThat(records.find(DB)).isPresent();
    }

    records.delete(DB, found -> !found.isReady());
    assertThat(stored().state()).isEqualTo(State.READY);

    write(State.REMOVING);
    records.delete(DB, found -> !found.isReady());
    assertThat(store.records()).isEmpty();
    assertThat(records.find(DB)).isEmpty();
    records.delete(DB, _ -> true);
    assertThat(pauses).isEmpty();
  }

  @Test
  void a_record_that_changes_before_each_deletion_stays() {
    write(State.READY);

    assertThatThrownBy(
            () ->
                records()
                    .delete(
                        DB,
                        _ -> {
                          writeAsAnother();
                          return true;
                        }))
        .isInstanceOf(ChangedMeanwhile.class);

    assertThat(pauses).hasSize(ATTEMPTS);
    assertThat(store.records()).containsKey(KEY);
  }

  @Test
  void a_record_is_marked_where_deletions_are_not_safe() {
    write(State.READY);

    records(false).delete(DB, _ -> true);

    assertThat(stored().state()).isEqualTo(State.GONE);
  }

  @Test
  void a_disconnected_host_uses_its_last_copy_and_says_so_once() {
    write(State.READY);
    assertThat(records().list()).hasSize(1);
    fate = Fate.LOST;
    SharedRecords cutOff = records();

    assertThat(cutOff.find(DB)).isPresent();
    assertThat(cutOff.find(new VolumeName("other"))).isEmpty();
    assertThat(cutOff.list()).extracting(SharedRecords.Entry::name).containsExactly("db");
    assertThat(notices)
        .containsExactly(
            "cut off from the shared registry, so this is the last known state: memory: the"
                + " request was lost");
    assertThatThrownBy(cutOff::currentList).isInstanceOf(CutOff.class);
    assertThatThrownBy(() -> cutOff.current(DB)).isInstanceOf(CutOff.class);
  }

  @Test
  void a_list_for_changes_misses_nothing() {
    write(State.READY);
    int[] requests = {0};
    SplittableRandom random = new SplittableRandom(7);
    SharedRecords halfway =
        new SharedRecords(
            store.connect(() -> requests[0]++ == 0 ? Fate.SERVE : Fate.LOST),
            new Membership("memory", "web1", "registry", true),
            new RecordCache(layout.cache(), random, _ -> {}),
            new Surroundings(
                "web1", DirectorySync.NONE, random, _ -> {}, (_, _) -> true, _ -> {}, _ -> {}));

    assertThatThrownBy(halfway::currentList).isInstanceOf(CutOff.class);
  }

  @Test
  void the_copy_of_a_deleted_record_is_forgotten() {
    write(State.READY);
    assertThat(records().list()).hasSize(1);
    Path copy = layout.cache().resolve("db");
    assertThat(copy).exists();
    RecordStore raw = store.connect();
    raw.delete(KEY, raw.get(KEY).orElseThrow().version());

    assertThat(records().find(DB)).isEmpty();
    assertThat(copy).doesNotExist();
  }

  @Test
  void a_list_forgets_the_copies_of_deleted_records() {
    write(State.READY);
    assertThat(records().list()).hasSize(1);
    RecordStore raw = store.connect();
    raw.delete(KEY, raw.get(KEY).orElseThrow().version());

    assertThat(records().list()).isEmpty();

    assertThat(layout.cache()).isEmptyDirectory();
    fate = Fate.LOST;
    assertThat(records().find(DB)).isEmpty();
  }
}
