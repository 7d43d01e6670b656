package dev.keg.registry;

import static dev.keg.registry.RootInMemory.CREATED;
import static dev.keg.registry.RootInMemory.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.error.SnapshotException.SnapshotExists;
import dev.keg.error.VolumeException;
import dev.keg.fixtures.fault.Operation;
import dev.keg.fixtures.fault.Operation.Kind;
import dev.keg.volume.PoolName;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotRegistryTest {
  private static final SnapshotName ONE = new SnapshotName("one");
  private static final String TIME = "2026-11-21T10:00:00Z";

  private final RootInMemory root = new RootInMemory();
  private VolumeRegistry registry;
  private SnapshotRegistry snapshots;
  private VolumeHome home;

  @BeforeEach
  void make() {
    home = root.make(DB, PoolName.DEFAULT);
    registry = root.open();
    snapshots = registry.snapshots();
    root.synced.clear();
  }

  private static Snapshot snapshot(SnapshotName name, String created) {
    return new Snapshot(
        RootInMemory.volume(DB),
        name,
        Instant.parse(created),
        Optional.empty(),
        false,
        false,
        false);
  }

  private VolumeHome take(Snapshot snapshot) {
    VolumeHome staged = registry.stageBeside(DB);
    RootInMemory.fill(staged, "then");
    snapshots.publish(snapshot, staged);
    return staged;
  }

  private VolumeHome take(String name, String created) {
    return take(snapshot(new SnapshotName(name), created));
  }

  private Path directory() {
    return root.layout.snapshots(home);
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, false, ''",
    "false, true, false, 2027-01-01T00:00:00Z",
    "false, false, true, ''",
  })
  void a_published_volume_is_found_unchanged(
      boolean shared, boolean consistent, boolean scheduled, String expires) throws IOException {
    Snapshot snapshot =
        new Snapshot(
            RootInMemory.volume(DB),
            ONE,
            CREATED,
            Optional.of(expires).filter(text -> !text.isEmpty()).map(Instant::parse),
            shared,
            consistent,
            scheduled);

    take(snapshot);

    assertThat(snapshots.find(DB, ONE)).contains(snapshot);
    assertThat(snapshots.get("inspect", DB, ONE)).isEqualTo(snapshot);
    assertThat(directory().resolve("one/_data/file")).hasContent("then");
    assertThat(directory().resolve("one/read.lock")).isEmptyFile();
    assertThat(Files.readString(directory().resolve("one/snapshot.json")))
        .isEqualTo(
            "{\"schema\":1,\"consistent\":%s,\"created\":\"2026-11-20T10:00:00Z\",\"expires\":\"%s\","
                    .formatted(consistent, expires)
                + "\"scheduled\":%s,\"shared\":%s}\n".formatted(scheduled, shared));
  }

  @Test
  void a_snapshot_is_on_disk_before_its_name_and_its_name_afterwards() {
    VolumeHome first = take("one", TIME);
    assertThat(root.synced).containsExactly(first.data(), first.path(), home.path(), directory());

    root.synced.clear();
    VolumeHome second = take("two", TIME);
    assertThat(root.synced).containsExactly(second.data(), second.path(), directory());
  }

  @Test
  void a_snapshot_without_a_directory_of_data_is_synced_all_the_same() {
    VolumeHome staged = registry.stageBeside(DB);

    snapshots.publish(snapshot(ONE, TIME), staged);

    assertThat(root.synced).containsExactly(staged.path(), home.path(), directory());
  }

  @Test
  void the_files_of_a_snapshot_are_on_disk_before_its_name() {
    VolumeHome staged = take("one", TIME);

    List<Operation> all = root.files.operations();
    int moved =
        all.indexOf(
            all.stream()
                .filter(one -> one.kind() == Kind.MOVE)
                .filter(one -> one.path().equals(staged.path().toString()))
                .findFirst()
                .orElseThrow());
    assertThat(all.subList(0, moved))
        .filteredOn(one -> one.kind() == Kind.FORCE)
        .extracting(Operation::path)
        .contains(
            staged.file("volume.json").toString(),
            staged.file("snapshot.json").toString(),
            staged.file("read.lock").toString());
  }

  @Test
  void the_directory_of_snapshots_is_for_its_owner_alone() throws IOException {
    take("one", TIME);

    assertThat(RootInMemory.mode(directory())).isEqualTo("rwx------");
  }

  @Test
  void names_are_in_order_and_only_those_of_snapshots() throws IOException {
    assertThat(snapshots.names(DB)).isEmpty();
    for (String name : List.of("v10", "v2", ".hidden")) {
      Files.createDirectories(directory().resolve(name));
    }

    assertThat(snapshots.names(DB)).extracting(SnapshotName::text).containsExactly("v2", "v10");
    assertThat(snapshots.names(home)).hasSize(2);
  }

  @Test
  void a_link_instead_of_the_directory_has_no_snapshots() throws IOException {
    Files.createDirectories(home.file("elsewhere").resolve("one"));
    Files.createSymbolicLink(directory(), home.file("elsewhere"));

    assertThat(snapshots.names(DB)).isEmpty();
  }

  @Test
  void the_oldest_is_listed_first_and_the_name_decides_between_equal_times() {
    take("b", TIME);
    take("a", TIME);
    take("z", "2026-11-20T10:00:00Z");
    List<VolumeException> problems = new ArrayList<>();

    assertThat(snapshots.list(DB, problems::add))
        .extracting(one -> one.name().text())
        .containsExactly("z", "a", "b");
    assertThat(problems).isEmpty();
  }

  @Test
  void a_damaged_snapshot_does_not_hide_the_others() throws IOException {
    take("one", TIME);
    take("two", TIME);
    Files.delete(directory().resolve("one/volume.json"));
    List<VolumeException> problems = new ArrayList<>();

    assertThat(snapshots.list(DB, problems::add)).hasSize(1);
    assertThat(problems).singleElement().isInstanceOf(FileFailure.class);
  }

  @Test
  void a_missing_snapshot_that_was_requested_by_name_is_a_problem() {
    take("one", TIME);
    List<VolumeException> problems = new ArrayList<>();

    assertThat(snapshots.list("rm", DB, List.of(new SnapshotName("gone"), ONE), problems::add))
        .containsExactly(snapshot(ONE, TIME));
    assertThat(problems)
        .singleElement()
        .isInstanceOf(NoSuchSnapshot.class)
        .extracting(VolumeException::getMessage)
        .isEqualTo("rm db@gone: no such snapshot");
  }

  @Test
  void a_file_is_not_a_snapshot() throws IOException {
    RootInMemory.write(directory().resolve("one"), "");

    assertThat(snapshots.find(DB, ONE)).isEmpty();
    assertThatThrownBy(() -> snapshots.get("inspect", DB, ONE)).isInstanceOf(NoSuchSnapshot.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"schema":1} | field "expires" is missing
          {"schema":1,"consistent":true,"created":"x","expires":"","scheduled":true,"shared":true} | could not be parsed
          {"schema":1,"consistent":true,"created":"2026-11-20T10:00:00Z","expires":"","scheduled":true,"shared":true,"more":1} | unknown field "more"
          """)
  void a_damaged_description_is_reported_with_the_reason(String content, String reason)
      throws IOException {
    take("one", TIME);
    Files.writeString(directory().resolve("one/snapshot.json"), content);

    assertThatThrownBy(() -> snapshots.find(DB, ONE))
        .isInstanceOf(Damaged.class)
        .hasMessageStartingWith(
            "volume db@one is damaged: /srv/root/volumes/db/snapshots/one/snapshot.json: ")
        .hasMessageContaining(reason);
  }

  @Test
  void a_newer_description_is_not_guessed_at() throws IOException {
    take("one", TIME);
    Files.writeString(directory().resolve("one/snapshot.json"), "{\"schema\":2}");

    assertThatThrownBy(() -> snapshots.find(DB, ONE)).isInstanceOf(NewerSchema.class);
  }

  @Test
  void a_name_is_free_only_if_nothing_has_it() throws IOException {
    assertThatCode(() -> snapshots.requireFree("snapshot", DB, ONE)).doesNotThrowAnyException();
    Files.createDirectory(directory());
    Files.createSymbolicLink(directory().resolve("one"), home.file("nothing"));

    assertThatThrownBy(() -> snapshots.requireFree("snapshot", DB, ONE))
        .isInstanceOf(SnapshotExists.class)
        .hasMessageStartingWith("snapshot db@one: ");
  }

  @Test
  void a_removed_snapshot_is_gone_and_stays_gone_after_a_power_failure() {
    take("one", TIME);
    root.synced.clear();

    snapshots.remove(DB, ONE);

    assertThat(snapshots.names(DB)).isEmpty();
    assertThat(root.layout.trash()).isEmptyDirectory();
    assertThat(root.synced).containsExactly(directory());
    assertThatThrownBy(() -> snapshots.remove(DB, ONE))
        .isInstanceOf(FileFailure.class)
        .hasMessageStartingWith("remove snapshot db@one: ");
  }
}
