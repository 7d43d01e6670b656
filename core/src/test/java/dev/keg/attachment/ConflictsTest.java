package dev.keg.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.error.HolderException.ActiveMounts;
import dev.keg.error.HolderException.InUse;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictsTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final String DATA = "/keg/volumes/db/_data";

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final VolumeRegistry registry =
      new VolumeRegistry(
          new RegistryLayout(files.getPath("/keg")),
          DirectorySync.NONE,
          new SplittableRandom(1),
          _ -> {});
  private final FakeMountTable mounts = new FakeMountTable(files::getPath);
  private final Attachments attachments = new Attachments(registry, () -> mounts);
  private final Conflicts conflicts = new Conflicts(attachments);

  @BeforeEach
  void volume() throws IOException {
    registry.openForWriting();
    Files.createDirectories(files.getPath(DATA));
  }

  private Attachment.Mount mount(String container, boolean readOnly, boolean exclusive) {
    return new Attachment.Mount(
        container, "/srv/" + container, readOnly, exclusive, NOW, mounts.hostId(), mounts.bootId());
  }

  /** Registers another holder of the volume, in the words of the tables below. */
  private void hold(String who) {
    switch (who) {
      case "nobody" -> {}
      case "reader" -> hold(mount("web", true, false));
      case "writer" -> hold(mount("web", false, false));
      case "only writer" -> hold(mount("web", false, true));
      case "reader by itself" -> hold(mount("web", true, true));
      case "reader in another namespace" -> {
        hold(mount("web", true, false));
        mounts.move("/srv/web", 42);
      }
      case "reader elsewhere" ->
          attachments.add(
              DB, new Attachment.Mount("web", "/srv/web", true, false, NOW, "other-host", ""));
      case "reading machine" -> attachments.add(DB, new Attachment.Disk("vm1", "vda", true, NOW));
      case "machine" -> attachments.add(DB, new Attachment.Disk("vm1", "vda", false, NOW));
      case "unrecorded mount" -> mounts.mount(DATA);
      case "stray" -> mounts.bind(DATA, "/mnt/stray");
      case "stray in another namespace" -> mounts.bindElsewhere(DATA, "/mnt/stray", 42);
      case "unrecorded mount and stray" -> {
        hold("unrecorded mount");
        hold("stray");
      }
      case "mount whose engine ended" -> {
        hold(mount("web", false, true).askedBy(Optional.of("dockerd 1")));
        mounts.end("dockerd 1");
      }
      case "mount that moves to another namespace now" -> {
        hold(mount("web", false, true));
        attachments.current(DB);
        mounts.moveUnseen("/srv/web", 42);
      }
      default -> throw new AssertionError(who);
    }
  }

  private void hold(Attachment.Mount mount) {
    mounts.mount(mount.target());
    attachments.add(DB, mount);
  }

  private static void check(Runnable use, boolean allowed) {
    if (allowed) {
      assertThatCode(use::run).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(use::run).isInstanceOfAny(InUse.class, ActiveMounts.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,true",
    "reader,false",
    "writer,false",
    "reader elsewhere,false",
    "reading machine,false",
    "machine,false",
    "stray,false",
    "stray in another namespace,false",
    "mount whose engine ended,true",
    "mount that moves to another namespace now,false",
  })
  void removing_tolerates_no_holder(String who, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseHeld("remove", DB), allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,true",
    "reader,true",
    "writer,true",
    "reader in another namespace,false",
    "reader elsewhere,false",
    "reading machine,false",
    "machine,false",
    "unrecorded mount,true",
    "stray,false",
    "unrecorded mount and stray,true",
  })
  void resizing_tolerates_mounts_that_the_driver_sees(String who, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseResizing("resize", DB), allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,DIRECTORY,true",
    "reader,DIRECTORY,true",
    "writer,DIRECTORY,false",
    "reading machine,DIRECTORY,true",
    "machine,DIRECTORY,false",
    "unrecorded mount,DIRECTORY,false",
    "reader,FREEZING,true",
    "writer,FREEZING,true",
    "reader elsewhere,FREEZING,false",
    "reading machine,FREEZING,true",
    "machine,FREEZING,false",
    "unrecorded mount,FREEZING,true",
    "nobody,DISK,true",
    "reader,DISK,false",
    "reading machine,DISK,true",
    "machine,DISK,false",
    "unrecorded mount,DISK,false",
    "stray,DIRECTORY,false",
    "stray,FREEZING,false",
    "unrecorded mount and stray,FREEZING,true",
  })
  void copying_tolerates_nobody_who_may_write(String who, CopySource source, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseCopying("clone", DB, source), allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,false,true",
    "reader,false,false",
    "reader,true,true",
    "writer,true,false",
    "reading machine,true,true",
    "reading machine,false,false",
    "machine,true,false",
    "unrecorded mount,true,false",
    "stray,true,false",
  })
  void attaching_tolerates_readers_for_a_reader(String who, boolean readOnly, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseAttaching("attach", DB, readOnly), allowed);
  }

  /** The holder's own driver mounts the volume, so a mount beside a holder is that mount. */
  @Test
  void attaching_beside_a_holder_tolerates_the_mount_of_the_volume() {
    hold("reader");
    hold("unrecorded mount");

    check(() -> conflicts.refuseAttaching("attach", DB, true), true);
  }

  @ParameterizedTest
  @CsvSource({
    // who,readOnly,exclusive,allowed
    "nobody,false,true,true",
    "writer,false,false,true",
    "writer,false,true,false",
    "writer,true,true,false",
    "reader,false,true,true",
    "only writer,false,false,false",
    "only writer,true,false,true",
    "reader by itself,false,false,false",
    "reader by itself,true,false,true",
    "machine,true,false,false",
    "reading machine,true,false,true",
    "reading machine,false,false,false",
    "unrecorded mount,false,false,true",
  })
  void mounting_is_refused_beside_an_only_writer_or_a_writing_machine(
      String who, boolean readOnly, boolean exclusive, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseMounting(DB, mount("job", readOnly, exclusive)), allowed);
  }

  @Test
  void mounting_again_is_not_a_conflict_with_itself() {
    Attachment.Mount own = mount("web", false, true);
    hold(own);

    check(() -> conflicts.refuseMounting(DB, own), true);
  }

  @ParameterizedTest
  @CsvSource({"nobody,true", "unrecorded mount,false"})
  void renaming_tolerates_no_mount(String who, boolean allowed) {
    hold(who);

    check(() -> conflicts.refuseMounts("rename", DB), allowed);
  }

  @Test
  void replacing_the_data_tolerates_only_the_holder_who_asks_and_the_mount_of_the_volume() {
    Optional<Path> volume = Optional.of(files.getPath(DATA));
    hold("writer");
    hold("unrecorded mount");

    check(() -> conflicts.refuseReplacing("restore", DB, _ -> true, volume), true);
    check(() -> conflicts.refuseReplacing("restore", DB, _ -> false, volume), false);
    check(() -> conflicts.refuseReplacing("restore", DB, _ -> true, Optional.empty()), false);
    mounts.mount(DATA + "/below");
    check(() -> conflicts.refuseReplacing("restore", DB, _ -> true, volume), false);
  }

  @Test
  void replacing_the_data_tolerates_no_stray() {
    hold("stray");

    check(() -> conflicts.refuseReplacing("restore", DB, _ -> true, Optional.empty()), false);
  }

  @Test
  void taking_a_volume_from_others_tolerates_only_the_holder_who_asks() {
    hold("writer");

    check(() -> conflicts.refuseOthers("detach", DB, _ -> true), true);
    check(() -> conflicts.refuseOthers("detach", DB, _ -> false), false);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,true",
    "reader,true",
    "writer,false",
    "reading machine,true",
    "machine,false",
    "stray,false",
    "stray in another namespace,false",
  })
  void data_is_still_if_nobody_can_write_to_it(String who, boolean still) {
    hold(who);

    assertThat(conflicts.isStill(DB)).isEqualTo(still);
  }

  @Test
  void a_mounted_snapshot_is_not_removed_and_is_not_a_mount_of_its_volume() throws IOException {
    Path snapshots = files.getPath("/keg/volumes/db/snapshots");
    Path one = snapshots.resolve("one");
    Path _ = Files.createDirectories(one.resolve("_data"));
    Path two = Files.createDirectories(snapshots.resolve("two"));
    conflicts.refuseMountedSnapshots("remove", "db@one", one);

    mounts.mount(one + "/_data");
    mounts.bindElsewhere(one + "/_data", "/far", 42);

    conflicts.refuseMountedSnapshots("remove", "db@two", two);
    for (Path removed : List.of(one, snapshots)) {
      assertThatThrownBy(() -> conflicts.refuseMountedSnapshots("remove", "db@one", removed))
          .isInstanceOf(SnapshotInUse.class)
          .hasMessageContaining(one + "/_data, /far (seen by process 42)");
    }
    check(() -> conflicts.refuseHeld("remove", DB), true);
    check(() -> conflicts.refuseMounts("rename", DB), true);
  }

  @Test
  void each_holder_is_named_once_with_the_command_that_releases_it() {
    hold(mount("web", true, false));
    hold(
        new Attachment.Mount(
            "web", "/srv/two", true, false, NOW, mounts.hostId(), mounts.bootId()));
    hold(new Attachment.Mount("", "/srv/hand", true, false, NOW, mounts.hostId(), mounts.bootId()));
    hold("machine");

    assertThatThrownBy(() -> conflicts.refuseHeld("remove", DB))
        .hasMessage("remove db: volume is in use - [/srv/hand, vm1, web]")
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains(
                        "release it first: keg unmount db, keg detach db vm1,"
                            + " keg unmount --container web"));
  }

  @Test
  void who_saves_a_disk_learns_how_to_copy_it_while_its_machine_runs() {
    hold("machine");

    assertThatThrownBy(() -> conflicts.refuseSaving("backup", DB, CopySource.DISK))
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains(
                        "release it first: `keg detach db vm1`, or copy its disk while it runs:"
                            + " `keg backup --qmp SOCKET db`"));
    assertThatThrownBy(() -> conflicts.refuseCopying("clone", DB, CopySource.DISK))
        .satisfies(
            e ->
                assertThat(((VolumeException) e).hint())
                    .contains("release it first: keg detach db vm1"));
  }

  @Test
  void mounts_are_named() {
    hold("unrecorded mount");

    assertThatThrownBy(() -> conflicts.refuseMounts("rename", DB))
        .hasMessage("rename db: volume has active mounts - [" + DATA + "]");
  }
}
