package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.extract.Trust;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.tree.TortureTree;
import dev.keg.fixtures.tree.TreeDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is lost in either direction, according to a comparison of every attribute. */
@NeedsRoot
@NeedsTool(value = "setfattr", from = "attr")
@NeedsTool(value = "setfacl", from = "acl")
@NeedsTool(value = "setcap", from = "libcap2-bin")
@NeedsTool(value = "zstd", from = "zstd")
class RoundTripIT {
  @TempDir Path scratch;
  private Path torture;
  private Path restored;
  private Backups backups;

  @BeforeEach
  void make() throws IOException {
    torture = Files.createDirectory(scratch.resolve("torture"));
    restored = Files.createDirectory(scratch.resolve("restored"));
    backups = new Backups(scratch);
    TortureTree.make(torture);
  }

  private void assertNothingLost() {
    assertThat(TreeDump.of(torture).differences(TreeDump.of(restored))).isEmpty();
    assertThat(backups.notes).isEmpty();
  }

  @Test
  void keg_restores_what_keg_backed_up() throws Exception {
    backups.backup(torture, "a.tar.zst");
    assertThat(backups.verify("a.tar.zst").findings()).isEmpty();
    backups.restore("a.tar.zst", restored);
    assertNothingLost();
  }

  @Test
  void a_backup_is_exported_like_the_restored_tree() throws Exception {
    backups.backup(torture, "a.tar.zst");
    backups.restore("a.tar.zst", restored);

    byte[] exported = backups.export("a.tar.zst");

    assertThat(exported).isEqualTo(backups.export(torture));
    assertThat(exported).isEqualTo(backups.export(restored));
    assertThat(backups.notes).isEmpty();
  }

  @Test
  void tar_restores_what_keg_backed_up() throws Exception {
    Path archive = backups.backup(torture, "a.tar.zst");
    Backups.shell(
        "zstd -dc \"$1\" | tar -x -p -C \"$2\" --xattrs --xattrs-include='*' --acls",
        archive,
        restored);
    assertNothingLost();
  }

  @Test
  void keg_restores_what_tar_packed() throws Exception {
    Path archive = scratch.resolve("gnu.tar");
    Backups.shell(
        "tar --format=posix --xattrs --xattrs-include='*' --acls -S -C \"$1\" -cf \"$2\" .",
        torture,
        archive);
    backups.importStream(archive, restored, Trust.OWN);
    assertNothingLost();
  }

  @Test
  void keg_restores_its_own_archive_from_a_stream() throws Exception {
    backups.importStream(backups.backup(torture, "a.tar.zst"), restored, Trust.OWN);
    assertNothingLost();
  }

  @Test
  void a_partial_archive_restores_the_whole_tree() throws Exception {
    backups.clock = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(10));
    backups.backup(torture, "1.tar.zst");
    Backups.shell(
        "echo more >> \"$1/plain\"; rm \"$1/-dash\"; chmod 600 \"$1/dir/sub/file\"; echo n >"
            + " \"$1/n\"",
        torture);
    Path partial = backups.partial(torture, "2.inc.tar.zst", "1.tar.zst");
    assertThat(Files.size(partial)).isLessThan(20_000);
    assertThat(backups.verify("2.inc.tar.zst").findings()).isEmpty();
    backups.restore("2.inc.tar.zst", restored);
    assertNothingLost();
  }
}
