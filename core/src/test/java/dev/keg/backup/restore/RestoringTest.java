package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.Shelf;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.FakeTree;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class RestoringTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");

  @BeforeEach
  void back_up() {
    host.volumes.update("db", VolumeChange.ofLabels(Labels.parse(List.of("tier=gold")), List.of()));
    host.write(db, "a", "1");
    host.write(db, "dir/b", "2");
    host.save(db);
  }

  private void change() throws Exception {
    host.write(db, "a", "changed");
    host.write(db, "dir/new", "3");
    Files.delete(host.data(db).resolve("dir/b"));
  }

  @Test
  void a_missing_volume_is_made_as_it_was() {
    host.volumes.remove("db", Removal.Mode.NORMAL);
    host.restore(host.restoreRequest(db, Mode.EMPTY));

    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
    assertThat(host.volumes.inspect("db").volume().labels().map()).containsEntry("tier", "gold");
  }

  private Volume volume(String name) {
    return host.volumes.inspect(name).volume();
  }

  private VolumeDetails details(String name) {
    return volume(name).details();
  }

  @Test
  void a_missing_volume_is_the_same_again() {
    host.volumes.update(
        "db",
        new VolumeChange(
            Labels.NONE, List.of(), Optional.of("Orders"), Optional.of(Protection.none())));
    host.save(db);
    Volume before = volume("db");
    host.volumes.remove("db", Removal.Mode.NORMAL);

    host.restore(host.restoreRequest(db, Mode.EMPTY));

    assertThat(volume("db")).isEqualTo(before);
    assertThat(host.volumes.overview(before).lastUsed()).isPresent();
  }

  @Test
  void no_two_volumes_get_one_id() {
    VolumeId id = details("db").id();
    host.volumes.rename("db", "orders");

    host.restore(host.restoreRequest(db, Mode.EMPTY));

    assertThat(details("orders").id()).isEqualTo(id);
    assertThat(details("db").id()).isNotEqualTo(id);
  }

  /** Its data would have a name that another host may still use. */
  @Test
  void what_is_on_a_server_is_never_taken_for_another_host_s() {
    VolumeName vault = backUpWithPlaces();
    VolumeId id = host.last(host.repository).volume().fromBackup().details().id();
    host.holding.onServer = true;

    host.restore(host.restoreRequest(vault, Mode.EMPTY));

    assertThat(volume("vault").driver()).isEqualTo("holding");
    assertThat(details("vault").id()).isNotEqualTo(id);
  }

  @Test
  void a_volume_of_another_name_is_another_one() {
    Volume before = volume("db");
    host.volumes.remove("db", Removal.Mode.NORMAL);

    host.restore(host.restoreRequest(new VolumeName("copy"), Mode.EMPTY));

    assertThat(details("copy").id()).isNotEqualTo(before.details().id());
    assertThat(volume("copy").created()).isAfter(before.created());
  }

  @Test
  void a_backup_from_elsewhere_does_not_say_which_volume_it_is() {
    VolumeId id = details("db").id();
    host.volumes.remove("db", Removal.Mode.NORMAL);

    restoreFromElsewhere(host.restoreRequest(db, Mode.EMPTY));

    assertThat(details("db").id()).isNotEqualTo(id);
    assertThat(volume("db").labels().map()).containsOnlyKeys("tier");
  }

  @Test
  void a_new_volume_is_never_one_that_somebody_else_made() throws Exception {
    VolumeName copy = new VolumeName("copy");
    try (RestoreSource source =
        RestoreSource.of(host.repository, host.last(host.repository), true)) {
      RestoreRequest request = host.restoreRequest(copy, Mode.EMPTY);
      new Restoring(host.context).create(source, request, host.listener());
      assertThat(host.content(copy)).containsExactly("a=1", "dir/b=2");

      VolumeName other = new VolumeName("other");
      host.volumes.create(
          new VolumeRequest(other, "", Options.NONE, Labels.NONE, Ownership.DEFAULT));
      RestoreRequest second = host.restoreRequest(other, Mode.EMPTY);
      assertThatThrownBy(() -> new Restoring(host.context).create(source, second, host.listener()))
          .isInstanceOf(AlreadyExists.class);
      assertThat(host.content(other)).isEmpty();
    }
  }

  @Test
  void a_volume_that_is_not_empty_is_refused() throws Exception {
    change();
    List<String> before = host.content(db);
    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.EMPTY)))
        .isInstanceOf(RestoreFailed.class)
        .hasMessage("restore db: the volume is not empty");
    assertThat(host.content(db)).isEqualTo(before);
  }

  @Test
  void replacing_leaves_what_the_backup_has() throws Exception {
    change();
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
  }

  @Test
  void what_takes_the_place_of_data_is_limited_like_it() {
    VolumeName web = new VolumeName("web");
    host.volumes.create(
        new VolumeRequest(web, "holding", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    host.write(web, "a", "1");
    host.save(web);
    host.holding.calls().clear();

    host.restore(host.restoreRequest(web, Mode.REPLACE));
    host.restore(host.restoreRequest(web, Mode.MERGE));

    assertThat(host.holding.calls())
        .containsExactly("limit web", "limit linked web", "unlimit web");

    host.holding.failOn("limit");
    assertThatThrownBy(() -> host.restore(host.restoreRequest(web, Mode.REPLACE)))
        .hasMessage("told to fail: limit");
    assertThat(host.content(web)).containsExactly("a=1");
    assertThat(host.data(web).resolveSibling("restore-new")).doesNotExist();
  }

  @Test
  void another_volume_that_gets_the_name_meanwhile_is_left_alone() {
    assertThatThrownBy(
            () ->
                new Restoring(host.context)
                    .replace(
                        db,
                        _ -> {
                          host.volumes.rename("db", "old");
                          VolumeName other = host.create("db");
                          host.write(other, "c", "3");
                          // Somebody restores it, and has not come far.
                          host.write(other, "../restore-new/half", "");
                        }))
        .isInstanceOf(NotFound.class);

    assertThat(host.content(db)).containsExactly("c=3");
    assertThat(host.data(db).resolveSibling("restore-new/half")).exists();
    assertThat(host.content(new VolumeName("old"))).containsExactly("a=1", "dir/b=2");
  }

  @Test
  void a_restore_can_be_undone_and_that_undone_too() throws Exception {
    change();
    List<String> before = host.content(db);
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    Restoring restoring = new Restoring(host.context);

    restoring.undo(db);
    assertThat(host.content(db)).isEqualTo(before);
    restoring.undo(db);
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
    restoring.discard(db);
    assertThatThrownBy(() -> restoring.undo(db)).hasMessageContaining("no restore to undo");
  }

  @Test
  void merging_keeps_what_the_backup_does_not_have() throws Exception {
    change();
    host.restore(host.restoreRequest(db, Mode.MERGE));
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2", "dir/new=3");
  }

  /** Case 8, CVE-2025-45582: a link from an earlier archive or from somebody else. */
  @Test
  void merging_does_not_go_through_a_link_that_is_there() throws Exception {
    Path etc = Files.createDirectory(host.files.getPath("/etc"));
    Files.writeString(etc.resolve("b"), "secret");
    Files.delete(host.data(db).resolve("dir/b"));
    Files.delete(host.data(db).resolve("dir"));
    Files.createSymbolicLink(host.data(db).resolve("dir"), etc);
    host.restore(host.restoreRequest(db, Mode.MERGE));
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
    assertThat(Files.isSymbolicLink(host.data(db).resolve("dir"))).isFalse();
    assertThat(Files.readString(etc.resolve("b"))).isEqualTo("secret");
  }

  @Test
  void one_path_comes_back_alone() throws Exception {
    change();
    host.restore(host.restoreRequest(db, Mode.MERGE, "dir/b"));
    assertThat(host.content(db)).containsExactly("a=changed", "dir/b=2", "dir/new=3");
  }

  @Test
  void a_path_that_is_not_in_the_backup_is_an_error() throws Exception {
    change();
    List<String> before = host.content(db);
    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.MERGE, "nope")))
        .hasMessage("restore db: no such file in the backup: nope");
    assertThat(host.content(db)).isEqualTo(before);
  }

  @Test
  void a_volume_that_somebody_holds_is_refused() throws Exception {
    change();
    host.attachments.add(db, new Attachment.Disk("vm1", "vdb", true, Instant.EPOCH));
    List<String> before = host.content(db);
    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.REPLACE)))
        .isInstanceOf(InUse.class)
        .hasMessage("restore db: volume is in use - [vm1]");
    assertThat(host.content(db)).isEqualTo(before);
  }

  @Test
  void damage_names_the_files_and_leaves_the_volume_as_it_was() throws Exception {
    damageLargeFile();
    List<String> before = host.content(db);
    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.REPLACE)))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining("1 files of the backup are damaged: large");
    assertThat(host.content(db)).isEqualTo(before);
    assertThat(Files.exists(host.data(db).resolveSibling("restore-new"))).isFalse();
  }

  @Test
  void on_request_the_rest_is_restored() throws Exception {
    damageLargeFile();
    RestoreRequest strict = host.restoreRequest(db, Mode.REPLACE);
    host.restore(
        new RestoreRequest(db, strict.paths(), strict.mode(), false, true, false, false, 2));
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
    assertThat(host.notes).contains("DAMAGED large");
  }

  private void damageLargeFile() throws Exception {
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Files.write(host.data(db).resolve("large"), noise);
    host.save(db);
    DataObject object = host.last(host.repository).own();
    byte[] bytes = host.store.open(object.name()).readAllBytes();
    bytes[bytes.length / 2] ^= 1;
    host.store.damage(object.name(), bytes);
  }

  @Test
  void a_volume_that_was_made_for_a_restore_that_fails_is_taken_away_again() throws Exception {
    damageLargeFile();
    VolumeName copy = new VolumeName("copy");
    assertThatThrownBy(() -> host.restore(host.restoreRequest(copy, Mode.EMPTY)))
        .isInstanceOf(RestoreFailed.class);
    assertThat(host.volumes.exists("copy")).isFalse();
  }

  @Test
  void what_another_restore_completes_meanwhile_stays() {
    VolumeName vault = backUpWithPlaces();
    TreeListener another =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {
            restoreFromElsewhere(host.restoreRequest(vault, Mode.EMPTY));
          }
        };
    try (RestoreSource source =
        RestoreSource.of(host.repository, host.last(host.repository), false)) {
      assertThatThrownBy(
              () ->
                  new Restoring(host.context)
                      .create(source, host.restoreRequest(vault, Mode.EMPTY), another))
          .hasMessage("restore vault: the volume is not empty");
    }
    assertThat(host.content(vault)).containsExactly("a=1");
  }

  @Test
  void a_new_volume_has_other_labels_from_the_beginning() {
    VolumeName copy = new VolumeName("copy");
    Labels added = Labels.parse(List.of("tier=test", "new=1"));
    TreeListener looking =
        new TreeListener() {
          @Override
          public void finished() {
            assertThat(host.volumes.inspect("copy").volume().labels().map())
                .containsEntry("tier", "test")
                .containsEntry("new", "1");
          }

          @Override
          public void note(TreePath path, Note note, String text) {}
        };
    try (RestoreSource source =
        RestoreSource.of(host.repository, host.last(host.repository), true)) {
      new Restoring(host.context)
          .create(source, host.restoreRequest(copy, Mode.EMPTY), added, looking);
    }
    assertThat(host.content(copy)).containsExactly("a=1", "dir/b=2");
  }

  @Test
  void a_volume_whose_secrets_are_not_known_is_not_made() {
    VolumeName vault = new VolumeName("vault");
    host.volumes.create(
        new VolumeRequest(
            vault,
            "holding",
            Options.of(Map.of("key", "hunter2")),
            Labels.NONE,
            Ownership.DEFAULT));
    host.save(vault);
    assertThatThrownBy(() -> host.restore(host.restoreRequest(new VolumeName("other"), Mode.EMPTY)))
        .hasMessage(
            "restore other: there is no such volume, and the backup does not hold its secret"
                + " options");
    assertThat(host.volumes.exists("other")).isFalse();
  }

  /** A backup of a volume whose options name a directory and a file of the host. */
  private VolumeName backUpWithPlaces() {
    VolumeName vault = new VolumeName("vault");
    host.volumes.create(
        new VolumeRequest(
            vault,
            "holding",
            Options.of(Map.of("place", "/etc", "template", "/etc/shadow", "color", "blue")),
            Labels.NONE,
            Ownership.DEFAULT));
    host.write(vault, "a", "1");
    host.save(vault);
    host.volumes.remove("vault", Removal.Mode.NORMAL);
    return vault;
  }

  private void restoreFromElsewhere(RestoreRequest request) {
    try (RestoreSource source =
        RestoreSource.of(host.repository, host.last(host.repository), false)) {
      new Restoring(host.context).restore(source, request, host.listener());
    }
  }

  @Test
  void a_backup_from_elsewhere_does_not_choose_where_the_data_is() {
    VolumeName vault = backUpWithPlaces();
    restoreFromElsewhere(host.restoreRequest(vault, Mode.EMPTY));

    Volume made = host.volumes.inspect("vault").volume();
    assertThat(made.driver()).isEqualTo("local");
    assertThat(made.options()).isEqualTo(Options.NONE);
    assertThat(host.content(vault)).containsExactly("a=1");
    assertThat(host.notes).contains("OTHER_VOLUME .");
  }

  @Test
  void a_backup_from_elsewhere_does_not_name_a_file_of_the_host() {
    Volume described =
        new Volume(
            new VolumeName("vault"),
            "holding",
            Options.of(Map.of("template", "/etc/shadow", "color", "blue")),
            Labels.NONE,
            Instant.EPOCH);
    Proposal proposal = Proposal.of(described, false, host.context.services().drivers());

    assertThat(proposal.made().driver()).isEqualTo("holding");
    assertThat(proposal.made().options().map()).containsExactly(Map.entry("color", "blue"));
    assertThat(proposal.difference())
        .contains(
            "made with driver holding (color=blue), not with driver holding (color=blue,"
                + " template=/etc/shadow) as the backup says");
  }

  @Test
  void a_trusted_backup_of_windows_is_restored_without_the_accounts_that_it_names() {
    Options options =
        Options.of(Map.of("grant", "OFFICE\\anna:rw", "owner", "OFFICE\\anna", "mode", "0700"));
    Volume described =
        new Volume(new VolumeName("vault"), "local", options, Labels.NONE, Instant.EPOCH);
    Proposal proposal = Proposal.of(described, true, host.context.services().drivers());

    assertThat(proposal.made().options().map()).containsExactly(Map.entry("mode", "0700"));
    assertThat(proposal.difference()).isEmpty();
    assertThat(proposal.unknown()).contains("grant, owner: an option of another system");
  }

  @Test
  void a_driver_that_is_not_known_here_is_not_taken_from_elsewhere() {
    Volume described =
        new Volume(new VolumeName("vault"), "rclone", Options.NONE, Labels.NONE, Instant.EPOCH);

    assertThat(Proposal.of(described, false, host.context.services().drivers()).made().driver())
        .isEqualTo("local");
  }

  @Test
  void the_same_place_is_taken_on_request() {
    VolumeName vault = backUpWithPlaces();
    RestoreRequest request = host.restoreRequest(vault, Mode.EMPTY);
    restoreFromElsewhere(
        new RestoreRequest(vault, request.paths(), request.mode(), false, false, false, true, 2));

    assertThat(host.volumes.inspect("vault").volume().options().map())
        .containsEntry("place", "/etc");
  }

  @Test
  void a_trusted_repository_chooses_the_place() {
    VolumeName vault = backUpWithPlaces();
    host.restore(host.restoreRequest(vault, Mode.EMPTY));

    assertThat(host.volumes.inspect("vault").volume().options().map())
        .containsEntry("place", "/etc");
    assertThat(host.notes).doesNotContain("OTHER_VOLUME .");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_setuid_bit_follows_the_standing_of_the_repository(boolean trusted) {
    FakeTree tree = new FakeTree();
    tree.file("tool", new byte[] {1}).mode = 04755;
    Shelf shelf = new Shelf();
    shelf.add("full", tree);
    VolumeName tools = new VolumeName("tools");
    RestoreRequest request =
        new RestoreRequest(tools, Optional.empty(), Mode.EMPTY, false, false, false, false, 2);
    Archive archive = shelf.archive("full");
    try (RestoreSource source =
        new RestoreSource.Indexed(
            "full", Optional.empty(), trusted, archive, new ArchiveSources(archive, shelf))) {
      new Restoring(host.context).restore(source, request, host.listener());
    }

    assertThat(host.notes.contains("LEFT_OUT tool")).isEqualTo(!trusted);
  }

  /** A kill: no clean-up follows. */
  private static final class Killed extends Error {}

  @Test
  void a_volume_that_a_killed_restore_made_is_refused_until_it_is_complete() {
    host.volumes.remove("db", Removal.Mode.NORMAL);
    TreeListener killed =
        new TreeListener() {
          @Override
          public void finished() {
            throw new Killed();
          }

          @Override
          public void note(TreePath path, Note note, String text) {}
        };
    try (RestoreSource source =
        RestoreSource.of(host.repository, host.last(host.repository), true)) {
      assertThatExceptionOfType(Killed.class)
          .isThrownBy(
              () ->
                  new Restoring(host.context)
                      .restore(source, host.restoreRequest(db, Mode.EMPTY), killed));
    }

    assertThatThrownBy(() -> requireWhole())
        .hasMessage("mount db: the command that created this volume was killed before filling it");
    host.restore(host.restoreRequest(db, Mode.EMPTY));
    assertThat(host.content(db)).containsExactly("a=1", "dir/b=2");
    requireWhole();
  }

  private void requireWhole() {
    RestoreJournal.requireWhole("mount", db, host.registry.layout().home(db));
  }
}
