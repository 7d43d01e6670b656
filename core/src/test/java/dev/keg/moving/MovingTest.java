package dev.keg.moving;

import static dev.keg.moving.MovingHost.DB;
import static dev.keg.moving.MovingHost.THERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.attachment.Attachment;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.MoveException.BeingMoved;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.error.MoveException.MovedAway;
import dev.keg.error.MoveException.NotArrived;
import dev.keg.error.MoveException.Taken;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.ProtectedVolume;
import dev.keg.fixtures.fault.FaultPoints;
import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.lifecycle.Removal;
import dev.keg.lifecycle.VolumeChange;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.moving.Moving.Moved;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.journal.MoveJournal.Phase;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovingTest {
  private static final VolumeName OLD = new VolumeName("db-moved");
  private static final List<String> CONTENT = List.of("a=1", "dir/b=2", "dir/large=393216 of x");

  private static final VolumeChange UNPROTECTED =
      new VolumeChange(Labels.NONE, List.of(), Optional.empty(), Optional.of(Protection.none()));

  private Path directory;
  private MovingHost here;
  private MovingHost there;
  private LinkedHosts ssh;

  @BeforeEach
  void makeHosts() throws IOException {
    directory = FaultyFileSystem.forceable(FaultPoints.inMemory());
    here = new MovingHost(directory.resolve("here"));
    there = new MovingHost(directory.resolve("there"));
    here.fill();
    ssh = new LinkedHosts(() -> new MovingHost(directory.resolve("there")));
  }

  private static Attachment held() {
    Instant since = Instant.parse("2026-11-29T08:00:00Z");
    return new Attachment.Disk("vm1", "vda", false, since);
  }

  private Moved move() {
    return here.moving(ssh).move(MoveRequest.of(DB, Optional.of(THERE)));
  }

  private MoveRequest request(boolean copy, String pre, String post) {
    return new MoveRequest(
        DB,
        Optional.of(THERE),
        Optional.empty(),
        copy,
        false,
        Optional.of(pre).filter(line -> !line.isEmpty()),
        Optional.of(post).filter(line -> !line.isEmpty()),
        false);
  }

  @Test
  void a_volume_is_there_and_its_old_copy_is_protected() {
    Moved moved = move();

    assertThat(there.content()).isEqualTo(CONTENT);
    assertThat(there.has(DB)).isTrue();
    assertThat(here.volumes.exists("db")).isFalse();
    assertThat(moved.old()).contains(OLD);
    assertThat(here.content(OLD)).isEqualTo(CONTENT);
    assertThat(here.has(OLD)).isTrue();
    assertThatThrownBy(() -> here.volumes.remove("db-moved", Removal.Mode.FORCE))
        .isInstanceOf(ProtectedVolume.class);
  }

  @Test
  void the_other_host_is_asked_for_its_root_and_its_keg() {
    MoveDestination other = MoveDestination.parse("ssh://me@there:2222/srv/it's");
    here.moving(ssh).move(MoveRequest.of(DB, Optional.of(other)));

    assertThat(ssh.commands()).containsOnly("keg --root '/srv/it'\\''s' __receive");
  }

  @Test
  void what_a_connection_brought_is_not_sent_again() {
    long all = move().bytes();
    here.volumes.rename("db-moved", "db");
    MovingHost third = new MovingHost(directory.resolve("third"));
    LinkedHosts cut =
        new LinkedHosts(() -> third).breakingAfter(n -> n < 6 ? 300_000 : Integer.MAX_VALUE);

    Moved moved = here.moving(cut).move(MoveRequest.of(DB, Optional.of(THERE)));

    assertThat(third.content()).isEqualTo(CONTENT);
    assertThat(cut.connections()).isGreaterThan(1);
    assertThat(moved.bytes()).isLessThan(all);
  }

  @Test
  void changes_while_it_is_copied_arrive() {
    ssh.running(
        () -> {
          here.write("a", "later");
          here.write("dir/large", "y".repeat(2 * MovingHost.BLOCK));
          here.write("b/c", "new");
          delete("dir/b");
        });

    here.moving(ssh).move(request(false, "stop", ""));

    assertThat(there.content()).containsExactly("a=later", "b/c=new", "dir/large=262144 of y");
  }

  private void delete(String file) {
    try {
      Files.delete(here.data().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void files_become_directories_links_and_files_again() throws IOException {
    move();
    Path old = here.registry.layout().home(OLD).data();
    here.volumes.rename("db-moved", "db");
    MovingHost third = new MovingHost(directory.resolve("third"));
    LinkedHosts to = new LinkedHosts(() -> third);
    to.running(
        () -> {
          delete("a");
          here.write("a/inside", "3");
          delete("dir/b");
          link("dir/b", "large");
        });

    here.moving(to).move(request(false, "change", ""));

    assertThat(old).isNotEmptyDirectory();
    assertThat(third.content()).contains("a/inside=3", "dir/large=393216 of x");
    assertThat(Files.readSymbolicLink(third.data().resolve("dir/b"))).hasToString("large");
  }

  private void link(String file, String target) {
    try {
      Path link = here.data().resolve(file);
      Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_hard_link_stays_one() throws IOException {
    Files.createLink(here.data().resolve("z"), here.data().resolve("a"));

    move();

    assertThat(Files.isSameFile(there.data().resolve("z"), there.data().resolve("a"))).isTrue();
  }

  @Test
  void two_files_that_were_one_are_two() throws IOException {
    Files.createLink(here.data().resolve("z"), here.data().resolve("a"));
    ssh.running(
        () -> {
          delete("z");
          copy("a", "z");
        });

    here.moving(ssh).move(request(false, "change", ""));

    assertThat(Files.isSameFile(there.data().resolve("z"), there.data().resolve("a"))).isFalse();
    assertThat(there.content()).contains("a=1", "z=1");
  }

  private void copy(String from, String to) {
    try {
      Path file = here.data().resolve(from);
      Files.copy(file, file.resolveSibling(to), StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_disk_whose_files_cannot_be_read_moves_as_a_disk() throws IOException {
    VolumeName disk = new VolumeName("disk");
    here.volumes.create(
        new VolumeRequest(disk, "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Path file = here.registry.layout().home(disk).file("disk.raw");
    Files.writeString(file, "sectors");

    here.moving(ssh).move(MoveRequest.of(disk, Optional.of(THERE)));

    Path moved = there.registry.layout().home(disk).file("disk.raw");
    assertThat(Files.readString(moved)).isEqualTo("sectors");
    assertThat(moved.resolveSibling("move-disk")).doesNotExist();
    assertThat(there.has(disk)).isTrue();
  }

  @Test
  void labels_description_and_protection_arrive() {
    VolumeChange change =
        new VolumeChange(
            Labels.parse(List.of("tier=gold")),
            List.of(),
            Optional.of("the shop"),
            Optional.of(Protection.always()));
    Volume left = here.volumes.update("db", change);

    move();

    Volume arrived = there.registry.get("get", DB);
    assertThat(arrived.details().id()).isEqualTo(left.details().id());
    assertThat(arrived.created()).isEqualTo(left.created());
    assertThat(arrived.labels().map()).containsExactly(Map.entry("tier", "gold"));
    assertThat(arrived.details().description()).isEqualTo("the shop");
    assertThat(arrived.details().protection()).isEqualTo(Protection.always());
  }

  @Test
  void a_host_that_does_not_answer_leaves_no_trace() {
    ssh.breakingAfter(_ -> 0);

    assertThatThrownBy(this::move).isInstanceOf(MoveFailed.class);

    assertThat(MoveJournal.read(here.registry.layout().home(DB))).isEmpty();
  }

  @Test
  void a_host_that_does_nothing_is_given_up() {
    ssh.hanging(Duration.ofMillis(20));

    assertThatThrownBy(this::move)
        .isInstanceOf(MoveFailed.class)
        .hasMessage("move db: ssh://there: move: Keg on that host has been idle for 0 s");
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void a_volume_in_use_is_copied_and_stays() {
    here.attachments.add(DB, held());

    assertThatThrownBy(this::move).isInstanceOf(InUse.class);

    assertThat(here.has(DB)).isTrue();
    assertThat(there.content()).isEqualTo(CONTENT);
    assertThat(there.has(DB)).isFalse();
  }

  @Test
  void a_copy_leaves_both() {
    Moved moved = here.moving(ssh).move(request(true, "stop", "start"));

    assertThat(moved.old()).isEmpty();
    assertThat(here.has(DB)).isTrue();
    assertThat(there.has(DB)).isTrue();
    assertThat(there.registry.get("get", DB).details().id())
        .isNotEqualTo(here.registry.get("get", DB).details().id());
    assertThat(ssh.commands()).containsSubsequence("exec 2>&1\nstop", "exec 2>&1\nstart");
  }

  @Test
  void what_was_stopped_is_started_if_the_move_fails() {
    ssh.running(() -> there.volumes.remove("db", Removal.Mode.NORMAL));
    ssh.breakingAfter(n -> n > 2 ? 0 : Integer.MAX_VALUE);

    assertThatThrownBy(() -> here.moving(ssh).move(request(false, "stop", "start")))
        .isInstanceOf(MoveFailed.class);

    assertThat(ssh.commands().getLast()).endsWith("start");
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void a_volume_that_gets_the_name_while_another_is_copied_stays() {
    ssh.running(
        () -> {
          here.volumes.remove("db", Removal.Mode.NORMAL);
          here.fill();
        });

    assertThatThrownBy(() -> here.moving(ssh).move(request(false, "stop", "")))
        .isInstanceOf(NotFound.class);

    assertThat(here.has(DB)).isTrue();
    assertThat(here.content()).isEqualTo(CONTENT);
    assertThat(there.has(DB)).isFalse();
  }

  @Test
  void another_volume_of_the_name_is_left_alone() {
    there.volumes.create(VolumeRequest.named(DB));

    assertThatThrownBy(this::move)
        .isInstanceOf(MoveFailed.class)
        .hasMessage("move db: ssh://there: move: another volume has that name there");
    assertThat(there.has(DB)).isTrue();
    assertThat(there.content()).isEmpty();
  }

  @Test
  void nobody_uses_a_volume_between_both_hosts() {
    leave();

    assertThatThrownBy(() -> here.volumes.remove("db", Removal.Mode.FORCE))
        .isInstanceOf(MovedAway.class);
    assertThatThrownBy(() -> here.volumes.rename("db", "db2")).isInstanceOf(MovedAway.class);
    assertThatThrownBy(() -> there.volumes.rename("db", "db2")).isInstanceOf(NotArrived.class);
    assertThat(here.has(DB)).isFalse();
    assertThat(there.has(DB)).isFalse();
  }

  /** Everything has arrived except the last message. */
  private void leave() {
    move();
    here.registry.rename(OLD, DB);
    here.volumes.update("db", UNPROTECTED);
    write(here, Phase.LEAVING, "ssh://there");
    write(there, Phase.READY, "here");
  }

  private static void write(MovingHost host, Phase phase, String peer) {
    new MoveJournal(
            phase, "1", DB, peer, DB, Instant.EPOCH, MoveJournal.Manner.UNKNOWN, Optional.empty())
        .write(host.registry);
  }

  @Test
  void the_next_move_completes_one_that_was_handed_over() {
    leave();

    Moved moved = here.moving(ssh).move(MoveRequest.of(DB, Optional.empty()));

    assertThat(moved.old()).contains(OLD);
    assertThat(there.has(DB)).isTrue();
    assertThat(here.volumes.exists("db")).isFalse();
  }

  @Test
  void one_that_was_handed_over_can_be_taken_back() {
    leave();

    assertThat(here.moving(ssh).undo(DB, false)).isTrue();

    assertThat(here.has(DB)).isTrue();
    assertThat(there.volumes.exists("db")).isFalse();
  }

  @Test
  void one_that_was_taken_cannot_be_taken_back() {
    leave();
    write(there, Phase.ARRIVED, "here");

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, false)).isInstanceOf(Taken.class);
    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);

    assertThat(here.has(DB)).isFalse();
    assertThat(there.has(DB)).isTrue();
  }

  /** As after a kill between the last message and the renaming of the copy here. */
  private void beTaken() {
    leave();
    write(there, Phase.ARRIVED, "here");
    there.volumes.update("db", UNPROTECTED);
  }

  @Test
  void one_that_was_renamed_there_cannot_be_taken_back() {
    beTaken();
    there.volumes.rename("db", "db2");

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);
    assertThat(here.moving(ssh).move(MoveRequest.of(DB, Optional.empty())).old()).contains(OLD);
  }

  @Test
  void one_that_moved_on_cannot_be_taken_back() {
    beTaken();
    MovingHost third = moveOn();

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);
    assertThat(here.moving(ssh).move(MoveRequest.of(DB, Optional.empty())).old()).contains(OLD);
    assertThat(here.has(DB)).isFalse();
    assertThat(there.has(DB)).isFalse();
    assertThat(third.has(DB)).isTrue();
  }

  private MovingHost moveOn() {
    MovingHost third = new MovingHost(directory.resolve("third"));
    LinkedHosts to = new LinkedHosts(() -> new MovingHost(directory.resolve("third")));
    there.moving(to).move(MoveRequest.of(DB, Optional.of(MoveDestination.parse("ssh://third"))));
    return third;
  }

  @Test
  void one_whose_old_copy_has_its_name_again_cannot_be_taken_back() {
    beTaken();
    moveOn();
    there.volumes.rename("db-moved", "db");

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);
    assertThat(there.has(DB)).isTrue();
  }

  @Test
  void one_that_is_moving_on_cannot_be_taken_back() {
    beTaken();
    there.attachments.add(DB, held());
    assertThatThrownBy(this::moveOn).isInstanceOf(InUse.class);

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);
    LinkedHosts to = new LinkedHosts(() -> new MovingHost(directory.resolve("third")));
    assertThat(there.moving(to).undo(DB, false)).isTrue();
    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);
  }

  @Test
  void one_that_is_nowhere_there_is_taken_back_by_force_only() {
    beTaken();
    there.volumes.remove("db", Removal.Mode.NORMAL);

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, false)).isInstanceOf(MoveFailed.class);
    assertThat(here.has(DB)).isFalse();

    here.moving(ssh).undo(DB, true);
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void a_volume_is_renamed_between_two_runs_of_its_move() {
    MoveDestination elsewhere = MoveDestination.parse("ssh://there");
    here.attachments.add(DB, held());
    assertThatThrownBy(this::move).isInstanceOf(InUse.class);
    here.attachments.remove(DB, held());
    VolumeName renamed = new VolumeName("db2");
    here.volumes.rename("db", "db2");

    Moved moved = here.moving(ssh).move(MoveRequest.of(renamed, Optional.of(elsewhere)));

    assertThat(moved.name()).isEqualTo(DB);
    assertThat(there.content()).isEqualTo(CONTENT);
    assertThat(there.has(DB)).isTrue();
    assertThat(here.volumes.exists("db2")).isFalse();
  }

  /** On a real file system, since an in-memory one has no locks. */
  @Test
  void a_volume_is_not_renamed_while_its_move_runs(@TempDir Path real) {
    MovingHost host = new MovingHost(real.resolve("here"));
    host.fill();
    LinkedHosts link = new LinkedHosts(() -> new MovingHost(real.resolve("there")));
    link.running(
        () ->
            assertThatThrownBy(() -> host.volumes.rename("db", "db2"))
                .isInstanceOf(BeingMoved.class));

    host.moving(link).move(request(false, "rename", ""));

    assertThat(host.volumes.exists("db2")).isFalse();
  }

  @Test
  void the_flags_of_a_move_are_remembered_until_it_ends() {
    here.attachments.add(DB, held());
    assertThatThrownBy(() -> here.moving(ssh, Optional.of("sudo keg")).move(request(true, "", "")))
        .isInstanceOf(InUse.class);
    here.attachments.remove(DB, held());

    Moved moved = here.moving(ssh, Optional.empty()).move(MoveRequest.of(DB, Optional.empty()));

    assertThat(ssh.commands()).containsOnly("sudo keg __receive");
    assertThat(moved.old()).isEmpty();
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void one_that_cannot_be_removed_there_is_nobodys_until_somebody_says_so() {
    leave();
    there.attachments.add(DB, held());

    assertThatThrownBy(() -> here.moving(ssh).undo(DB, false)).isInstanceOf(MoveFailed.class);
    assertThat(here.has(DB)).isFalse();
    assertThatThrownBy(() -> here.moving(ssh).move(MoveRequest.of(DB, Optional.empty())))
        .isInstanceOf(MoveFailed.class)
        .hasMessage("move db: its move to ssh://there was being undone");

    here.moving(ssh).undo(DB, true);
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void one_that_was_taken_while_its_move_was_being_undone_is_completed() {
    leave();
    write(here, Phase.REVOKING, "ssh://there");
    write(there, Phase.ARRIVED, "here");
    assertThatThrownBy(() -> here.moving(ssh).undo(DB, true)).isInstanceOf(Taken.class);

    var _ = here.moving(ssh).move(MoveRequest.of(DB, Optional.empty()));
    assertThat(here.has(DB)).isFalse();
    assertThat(here.registry.find(OLD)).isPresent();
    assertThat(there.has(DB)).isTrue();
  }

  @Test
  void an_undoing_that_was_killed_is_completed_by_the_next_one() {
    leave();
    write(here, Phase.REVOKING, "ssh://there");
    there.volumes.update("db", UNPROTECTED);
    write(there, Phase.ARRIVING, "here");

    assertThat(here.has(DB)).isFalse();
    assertThat(here.moving(ssh).undo(DB, false)).isTrue();
    assertThat(here.has(DB)).isTrue();

    write(here, Phase.REVOKING, "ssh://there");
    assertThat(here.moving(ssh).undo(DB, false)).isTrue();
    assertThat(here.has(DB)).isTrue();
  }

  @Test
  void what_arrived_whole_can_be_accepted_without_its_source() {
    leave();

    new Receiving(there.context).accept(DB);

    assertThat(there.has(DB)).isTrue();
  }

  @Test
  void what_did_not_arrive_whole_cannot_be_accepted() {
    there.volumes.create(VolumeRequest.named(DB));
    write(there, Phase.ARRIVING, "here");

    assertThatThrownBy(() -> new Receiving(there.context).accept(DB))
        .isInstanceOf(MoveFailed.class);
  }

  /** On a real file system, since an in-memory one has no locks. */
  @Test
  void two_moves_at_once_are_one(@TempDir Path real) {
    MovingHost host = new MovingHost(real.resolve("here"));
    host.fill();
    MovingHost other = new MovingHost(real.resolve("there"));
    LinkedHosts link = new LinkedHosts(() -> new MovingHost(real.resolve("there")));
    link.running(
        () ->
            assertThatThrownBy(() -> host.moving(link).move(request(false, "", "")))
                .isInstanceOf(BeingMoved.class));

    host.moving(link).move(request(false, "another", ""));

    assertThat(other.has(DB)).isTrue();
  }

  @Test
  void a_move_to_a_second_place_is_refused() {
    here.attachments.add(DB, held());
    assertThatThrownBy(this::move).isInstanceOf(InUse.class);

    MoveDestination other = MoveDestination.parse("ssh://elsewhere");
    assertThatThrownBy(() -> here.moving(ssh).move(MoveRequest.of(DB, Optional.of(other))))
        .hasMessage("move db: it is already moving to ssh://there as db");
  }
}
