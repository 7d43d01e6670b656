package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.FAST;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.registry.Unfinished.Kind;
import dev.keg.registry.pool.Place;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of unfinished and removed files, and what happens to those of killed commands. */
class DraftsTest {
  private final RootInMemory root = new RootInMemory();

  private static String prefix(int stripe) {
    return "%02x.".formatted(stripe);
  }

  @Test
  void a_name_begins_with_its_lock_and_is_not_used_twice() {
    root.open();
    Drafts drafts = root.drafts();
    Place pool = root.addPool();
    String lock = prefix(RegistryLock.stripe(DB));

    assertThat(drafts.draft(DB).toString()).startsWith(root.layout.staging() + "/" + lock);
    assertThat(drafts.draft(DB, pool).toString()).startsWith(pool.staging() + "/" + lock);
    assertThat(drafts.grave(DB).toString()).startsWith(root.layout.trash() + "/" + lock);
    assertThat(drafts.grave(DB, pool).toString()).startsWith(pool.trash() + "/" + lock);
    assertThat(drafts.draft(7).toString()).startsWith(root.layout.staging() + "/07.");
    assertThat(drafts.draft(DB)).isNotEqualTo(drafts.draft(DB));
    assertThat(drafts.draft(DB).getFileName().toString()).matches("[0-9a-f]{2}\\.[0-9a-f]{16}");
  }

  @Test
  void the_drafts_and_graves_of_a_volume_in_a_pool_are_in_the_pool() {
    Place pool = root.addPool();
    root.make(DB, FAST);

    assertThat(root.drafts().draft(DB)).startsWithRaw(pool.staging());
    assertThat(root.drafts().grave(DB)).startsWithRaw(pool.trash());
  }

  @Test
  void the_grave_of_data_outside_the_root_is_beside_it() {
    Path data = root.files.getPath("/data/db");

    assertThat(root.drafts().graveBeside(data).toString())
        .matches("/data/\\.keg-removed\\.[0-9a-f]{16}");
  }

  @Test
  void the_homes_that_are_being_made_are_in_every_place() throws IOException {
    Place pool = root.addPool();
    VolumeRegistry registry = root.open();
    VolumeHome one = registry.stage(DB, PoolName.DEFAULT);
    VolumeHome other = registry.stage(DB, FAST);
    Files.createFile(pool.staging().resolve("file"));

    assertThat(registry.unfinished()).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void leftovers_are_swept_in_every_place_and_reported() throws IOException {
    Place pool = root.addPool();
    Path draft = Files.createDirectory(pool.staging().resolve("00.0000000000000001"));
    Path grave = Files.createDirectory(pool.trash().resolve("00.0000000000000002"));
    Path own = Files.createDirectory(root.layout.staging().resolve("00.0000000000000003"));

    root.open();

    assertThat(List.of(draft, grave, own)).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(root.debug).contains("swept " + draft, "swept " + grave, "swept " + own);
  }

  @ParameterizedTest
  @CsvSource({
    "3f.0000000000000001, 3f",
    "51.0000000000000001, 51",
    "52.0000000000000001, 00",
    "ff.0000000000000001, 00",
    "3f-0000000000000001, 00",
    "strange, 00"
  })
  void a_leftover_is_swept_under_the_lock_that_its_name_begins_with(String name, String lock)
      throws IOException {
    root.open();
    Files.delete(root.layout.locks().resolve("00"));
    Path leftover = Files.createDirectory(root.layout.trash().resolve(name));

    root.open();

    assertThat(leftover).doesNotExist();
    try (var locks = Files.list(root.layout.locks())) {
      assertThat(locks.map(file -> file.getFileName().toString())).containsExactly(lock);
    }
  }

  @Test
  void a_place_that_cannot_be_swept_is_reported_and_stops_nothing() throws IOException {
    root.open();
    Files.delete(root.layout.staging());
    Files.createFile(root.layout.staging());
    Path grave = Files.createDirectory(root.layout.trash().resolve("00.0000000000000001"));

    root.open();

    assertThat(grave).doesNotExist();
    assertThat(root.debug).contains("cannot sweep " + root.layout.staging() + ": not a directory");
  }

  @Test
  void a_grave_names_only_data_that_was_renamed_for_its_removal() throws IOException {
    root.open();
    Path precious = RootInMemory.write(root.files.getPath("/precious/file"), "");
    Path grave = Files.createDirectory(root.layout.trash().resolve("00.0000000000000001"));
    Files.writeString(grave.resolve("removed-data"), "/precious");

    root.open();

    assertThat(grave).doesNotExist();
    assertThat(precious).exists();
  }

  @Test
  void a_link_in_a_grave_names_nothing() throws IOException {
    root.open();
    Path data = Files.createDirectory(root.files.getPath("/.keg-removed.1"));
    Path note = RootInMemory.write(root.files.getPath("/note"), data.toString());
    Path grave = Files.createDirectory(root.layout.trash().resolve("00.0000000000000001"));
    Files.createSymbolicLink(grave.resolve("removed-data"), note);

    root.open();

    assertThat(grave).doesNotExist();
    assertThat(data).exists();
  }

  private VolumeHome noted(PoolName pool) {
    VolumeHome home = root.open().stage(WWW, pool);
    new Unfinished(Kind.VOLUME, volume(WWW), home).note(root.layout);
    return home;
  }

  @Test
  void what_a_driver_must_take_back_is_kept_until_it_has() {
    VolumeHome home = noted(PoolName.DEFAULT);
    VolumeRegistry next = root.open();
    assertThat(home.path()).exists();
    List<Unfinished> offered = new ArrayList<>();

    next.takeBack(
        one -> {
          offered.add(one);
          return false;
        });
    assertThat(offered).containsExactly(new Unfinished(Kind.VOLUME, volume(WWW), home));
    assertThat(home.path()).exists();

    next.takeBack(_ -> true);
    assertThat(home.path()).doesNotExist();
    assertThat(root.debug).contains("took back " + home.path());
  }

  @Test
  void nothing_is_offered_to_drivers_if_nothing_was_noted() {
    VolumeRegistry registry = root.open();
    VolumeHome home = registry.stage(WWW, PoolName.DEFAULT);
    new Unfinished(Kind.VOLUME, volume(WWW), home).note(root.layout);

    registry.takeBack(_ -> true);

    assertThat(home.path()).as("what this very command makes").exists();
  }

  @Test
  void what_is_not_noted_is_not_offered() throws IOException {
    noted(PoolName.DEFAULT);
    VolumeRegistry registry = root.open();
    VolumeHome plain = registry.stage(DB, PoolName.DEFAULT);

    registry.takeBack(_ -> true);

    assertThat(plain.path()).exists();
  }

  @Test
  void an_unreadable_note_is_kept_and_reported() throws IOException {
    VolumeHome home = noted(PoolName.DEFAULT);
    Files.writeString(home.file("unfinished.json"), "{");

    root.open().takeBack(_ -> true);

    assertThat(home.path()).exists();
    assertThat(root.debug)
        .contains(
            "cannot sweep %s: %s cannot be read: it is cut off"
                .formatted(home.path(), home.file("unfinished.json")));
  }

  @Test
  void the_witness_of_a_home_in_a_pool_stays_as_long_as_the_home_may_be_there() throws IOException {
    root.addPool();
    VolumeHome home = noted(FAST);
    Path witness =
        root.layout.root().resolve("unfinished").resolve(home.path().getFileName().toString());

    root.open();
    assertThat(witness).exists();
    root.unmount();
    root.open();
    assertThat(witness).exists();
    root.mount();
    root.open().abandon(home);
    root.open();
    assertThat(witness).doesNotExist();
  }

  @Test
  void a_note_in_a_pool_without_a_witness_in_the_root_is_a_leftover() throws IOException {
    root.addPool();
    VolumeHome home = noted(FAST);
    Path witnesses = root.layout.root().resolve("unfinished");
    Files.delete(witnesses.resolve(home.path().getFileName().toString()));

    root.open().takeBack(_ -> true);

    assertThat(home.path()).doesNotExist();
    assertThat(root.debug).contains("swept " + home.path());
  }
}
