package dev.keg.copying;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.error.RegistryException;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Removal;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyingTest {
  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final VolumeName copy = host.create("copy");

  @BeforeEach
  void fill() {
    host.write(db, "file", "1");
    host.write(db, "dir/a", "2");
    host.write(db, "dir/sub/b", "3");
    host.write(copy, "there", "old");
    host.write(copy, "into/kept", "old");
  }

  private CopyRequest request(String from, String to, boolean follow) {
    return new CopyRequest(
        CopyEnd.parse(from, host.files), CopyEnd.parse(to, host.files), false, follow);
  }

  private void copy(String from, String to, TreeListener listener) {
    new Copying(host.context, host.files)
        .copy(
            request(from, to, false),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            listener);
  }

  private void copy(String from, String to) {
    copy(from, to, TreeListener.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "db:file, copy:new, new=1",
    "db:file, copy:there, there=1",
    "db:file, copy:into, into/file=1",
    "db:file, copy:into/, into/file=1",
    "db:file, copy:/into/., into/file=1",
    "db:dir, copy:new, new/a=2",
    "db:dir/, copy:new/, new/sub/b=3",
    "db:dir/., copy:new, new/a=2",
    "db:dir, copy:into, into/dir/sub/b=3",
    "db:dir/, copy:into, into/dir/a=2",
    "db:dir/., copy:into, into/sub/b=3",
    "db:, copy:, file=1",
    "db:/, copy:into/new, into/new/dir/a=2",
    "db:dir/.., copy:into, into/file=1",
    "db:dir/sub/.., copy:into, into/dir/a=2"
  })
  void the_rules_are_those_of_docker(String from, String to, String made) {
    copy(from, to);
    assertThat(host.content(copy)).contains(made, "into/kept=old");
    assertThat(host.content(copy)).noneMatch(name -> name.startsWith(".keg"));
  }

  @Test
  void what_is_copied_out_comes_back() throws Exception {
    Path outside = Files.createDirectories(host.files.getPath("/srv"));
    copy("db:/.", "/srv/out");
    copy("/srv/out/dir", "copy:into");
    assertThat(outside.resolve("out/dir/sub/b")).hasContent("3");
    assertThat(host.content(copy)).contains("into/dir/a=2", "into/dir/sub/b=3");
  }

  @Test
  void links_in_a_volume_lead_to_files_of_the_volume() throws Exception {
    Path etc = Files.createDirectories(host.files.getPath("/etc"));
    Files.writeString(etc.resolve("passwd"), "host");
    Files.createSymbolicLink(host.data(db).resolve("conf"), host.files.getPath("/etc"));
    Files.createSymbolicLink(host.data(db).resolve("passwd"), host.files.getPath("/etc/passwd"));

    assertThatThrownBy(() -> copy("db:conf/passwd", "/tmp-copy"))
        .hasMessageContaining("no such file or directory");
    assertThatThrownBy(() -> copy("db:file", "db:conf/x")).hasMessageContaining("does not exist");
    assertThatThrownBy(() -> copy("db:file", "db:passwd")).hasMessageContaining("does not exist");
    assertThat(etc.resolve("x")).doesNotExist();
    assertThat(etc.resolve("passwd")).hasContent("host");

    copy("db:passwd", "copy:");
    assertThat(Files.isSymbolicLink(host.data(copy).resolve("passwd"))).isTrue();
  }

  @Test
  void a_link_is_followed_if_that_is_wanted() throws Exception {
    Files.createSymbolicLink(host.data(db).resolve("link"), host.files.getPath("/file"));
    new Copying(host.context, host.files)
        .copy(
            request("db:link", "copy:", true),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            TreeListener.NONE);
    assertThat(host.content(copy)).contains("link=1");
    assertThat(Files.isRegularFile(host.data(copy).resolve("link"), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
  }

  @Test
  void an_archive_holds_what_was_named_and_comes_back_through_a_stream() {
    var archive = new ByteArrayOutputStream();
    new Copying(host.context, host.files)
        .copy(
            request("db:dir", "-", false),
            InputStream.nullInputStream(),
            archive,
            TreeListener.NONE);
    new Copying(host.context, host.files)
        .copy(
            request("-", "copy:into", false),
            new ByteArrayInputStream(archive.toByteArray()),
            OutputStream.nullOutputStream(),
            TreeListener.NONE);
    assertThat(host.content(copy))
        .containsExactly("into/dir/a=2", "into/dir/sub/b=3", "into/kept=old", "there=old");
  }

  @Test
  void a_damaged_archive_changes_nothing() {
    byte[] garbage = "no tar".getBytes(UTF_8);
    assertThatThrownBy(
            () ->
                new Copying(host.context, host.files)
                    .copy(
                        request("-", "copy:", false),
                        new ByteArrayInputStream(garbage),
                        OutputStream.nullOutputStream(),
                        TreeListener.NONE))
        .isInstanceOf(VolumeException.class);
    assertThat(host.content(copy)).containsExactly("into/kept=old", "there=old");
    assertThat(Files.exists(host.data(copy).resolve("into"))).isTrue();
  }

  @Test
  void an_interrupted_copy_changes_nothing_and_clears_up() throws Exception {
    TreeListener interrupting =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {}

          @Override
          public void finished() {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> copy("db:dir", "copy:", interrupting))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(host.content(copy)).containsExactly("into/kept=old", "there=old");
    try (Stream<Path> files = Files.list(host.data(copy))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void the_remains_of_a_killed_copy_are_not_content_and_the_next_copy_removes_them() {
    host.write(db, ".keg-cp-2f/half", "x");
    host.write(db, ".keg-cp-notes", "the user's");

    copy("db:/.", "copy:into/all");
    host.save(db);
    host.restore(host.restoreRequest(host.create("again"), RestoreRequest.Mode.EMPTY));

    List<String> content = List.of(".keg-cp-notes=the user's", "dir/a=2", "dir/sub/b=3", "file=1");
    assertThat(host.content(copy)).filteredOn(name -> name.contains(".keg")).hasSize(1);
    assertThat(host.content(new VolumeName("again"))).isEqualTo(content);
    copy("copy:there", "db:file");
    assertThat(host.data(db).resolve(".keg-cp-2f")).doesNotExist();
    assertThat(host.content(db)).contains(".keg-cp-notes=the user's", "file=old");
  }

  @Test
  void a_volume_that_gets_its_first_files_can_be_backed_up() {
    VolumeName fresh = host.create("fresh");
    host.write(fresh, ".keg-cp-2f/half", "x");

    assertThat(host.save(fresh).summary().totals().files()).isZero();
  }

  @Test
  void a_source_that_moves_to_another_pool_meanwhile_is_reported() {
    TreeListener moving =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {}

          @Override
          public void finished() {
            Path home = host.registry.layout().home(db).path();
            FileFailures.run("move", home, () -> Files.move(home, home.resolveSibling("moved")));
          }
        };
    assertThatThrownBy(() -> copy("db:dir", "copy:", moving))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("the volume was unmounted or replaced meanwhile");
  }

  @Test
  void a_volume_that_is_removed_meanwhile_is_reported() {
    TreeListener removing =
        new TreeListener() {
          @Override
          public void note(TreePath path, Note note, String text) {}

          @Override
          public void finished() {
            if (host.volumes.exists("copy")) {
              host.volumes.remove("copy", Removal.Mode.NORMAL);
            }
          }
        };
    assertThatThrownBy(() -> copy("db:dir", "copy:", removing))
        .isInstanceOf(RegistryException.class);
    assertThat(host.volumes.exists("copy")).isFalse();
  }
}
