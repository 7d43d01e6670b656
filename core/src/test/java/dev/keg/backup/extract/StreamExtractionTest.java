package dev.keg.backup.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.PathNormalization;
import dev.keg.backup.extract.MaliciousArchives.Malicious;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.Tars;
import dev.keg.backup.tar.Tars.Header;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malicious archives; tar's own cases are in the tests of the tar reader. */
public class StreamExtractionTest {
  /** Like other systems, ignores case and the encoding of accents. */
  private static final FileSystem LOOKS_ALIKE =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder()
              .setNameCanonicalNormalization(
                  PathNormalization.NFC, PathNormalization.CASE_FOLD_ASCII)
              .setAttributeViews("basic", "owner", "posix", "unix", "user")
              .build());

  /** More files than one thread creates. */
  private static final int MANY = 500;

  private final Host host = new Host();

  private static Tars tar() {
    return new Tars();
  }

  static Stream<Malicious> malicious() {
    return MaliciousArchives.all();
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource
  void malicious(Malicious malicious) {
    assertThatThrownBy(() -> host.restore(malicious.archive()))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageStartingWith("a.tar: ")
        .hasMessageContaining(malicious.message());
    assertThat(host.outsideIsUntouched()).isTrue();
  }

  @Test
  void a_tree_comes_out_as_it_was() {
    host.restore(
        tar()
            .directory("./")
            .add(new Header('5', "d").mode(0500))
            .add(new Header('0', "d/f").mode(0640), Tars.latin1("hello"))
            .symlink("d/l", "../nowhere")
            .hardLink("h", "d/f")
            .file("empty", "")
            .end()
            .bytes());
    assertThat(host.restored())
        .containsExactly(
            "d d r-x------",
            "d/f 'hello' rw-r----- x2",
            "d/l -> ../nowhere",
            "empty '' rw-r--r--",
            "h 'hello' rw-r----- x2");
    assertThat(host.notes).isEmpty();
  }

  @Test
  void holes_read_as_zeros() throws IOException {
    host.restore(
        tar()
            .pax("GNU.sparse.size", "20", "GNU.sparse.map", "3,2,10,4")
            .file("s", "abcdef")
            .end()
            .bytes());
    assertThat(Files.readAllBytes(host.stage.resolve("s")))
        .isEqualTo(Tars.latin1("\0\0\0ab\0\0\0\0\0cdef\0\0\0\0\0\0"));
  }

  @Test
  void directories_that_no_entry_speaks_of_are_made() {
    host.restore(tar().file("a/b/f", "x").directory("a").end().bytes());
    assertThat(host.restored())
        .containsExactly("a d rwxr-xr-x", "a/b d rwxr-xr-x", "a/b/f 'x' rw-r--r--");
  }

  @Test
  void the_time_of_a_directory_is_its_own_and_not_that_of_the_last_file_in_it() throws IOException {
    host.restore(tar().pax("mtime", "12345.5").directory("d").file("d/f", "x").end().bytes());
    assertThat(Files.getLastModifiedTime(host.stage.resolve("d")))
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(12345, 500_000_000)));
  }

  @Test
  void devices_and_privileges_of_an_unknown_packer_are_left_out() {
    host.restore(
        tar()
            .add(new Header('3', "null").device(1, 3))
            .add(new Header('4', "sda").device(8, 0))
            .hardLink("also-null", "null")
            .add(new Header('0', "su").mode(06755), Tars.latin1("x"))
            .add(new Header('5', "shared").mode(02775))
            .pax("SCHILY.xattr.security.capability", "\1\0\0\2", "SCHILY.xattr.user.a", "b")
            .file("ping", "x")
            .pax("SCHILY.xattr.trusted.overlay.redirect", "/etc")
            .file("overlay", "x")
            .end()
            .bytes());
    assertThat(host.notes)
        .containsExactly(
            "LEFT_OUT null: a device",
            "LEFT_OUT sda: a device",
            "LEFT_OUT also-null: a hard link to null, which is left out",
            "LEFT_OUT su: setuid and setgid bits",
            "LEFT_OUT ping: security and trusted attributes",
            "LEFT_OUT overlay: security and trusted attributes");
    assertThat(host.restored())
        .containsExactly(
            "overlay 'x' rw-r--r--",
            "ping 'x' rw-r--r--",
            "shared d rwxrwxr-x",
            "su 'x' rwxr-xr-x");
  }

  /** Case 34. */
  @ParameterizedTest
  @CsvSource({"File,file", "\u00e9,e\u0301"})
  void names_that_are_one_to_the_file_system_are_refused(String one, String other)
      throws IOException {
    Path stage = Files.createDirectories(LOOKS_ALIKE.getPath("/stage"));
    Extraction extraction =
        new Extraction(
            new PortableFileTrees(),
            stage,
            ExtractionRequest.all(Trust.FOREIGN, Host.limits(), 1),
            TreeListener.NONE);
    byte[] archive =
        new Tars()
            .pax("path", utf8(one))
            .file("a", "1")
            .pax("path", utf8(other))
            .file("b", "2")
            .end()
            .bytes();

    assertThatThrownBy(
            () ->
                extraction.fromStream(
                    "a.tar", new ByteArrayInputStream(archive), TarLimits.FOREIGN))
        .isInstanceOf(InvalidArchive.class)
        .hasMessage(
            "a.tar: %s: the archive contains it twice, or under a name that counts as the same here"
                .formatted(other));
  }

  /** The tars of tests contain bytes. */
  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void what_this_platform_cannot_make_is_reported() {
    host.extraction(Trust.OWN)
        .fromStream(
            "a.tar",
            new ByteArrayInputStream(
                tar()
                    .add(new Header('6', "p"))
                    .pax("SCHILY.xattr.trusted.a", "b")
                    .file("f", "x")
                    .end()
                    .bytes()),
            TarLimits.FOREIGN);
    assertThat(host.notes)
        .containsExactly(
            "LOST p: named pipe: not supported on this platform",
            "LOST f: trusted.a: not supported on this platform");
  }

  @Test
  void many_small_files_and_their_links_are_whole_and_directories_keep_their_times()
      throws IOException {
    Tars tar = tar();
    for (int i = 0; i < MANY; i++) {
      String directory = "d" + i / 50;
      if (i % 50 == 0) {
        tar.pax("mtime", "12345").directory(directory);
      }
      tar.add(new Header('0', directory + "/f" + i).mode(0640), Tars.latin1("content " + i));
      tar.hardLink(directory + "/h" + i, directory + "/f" + i);
    }

    restoreMany(tar.end().bytes());

    for (int i = 0; i < MANY; i++) {
      Path directory = host.stage.resolve("d" + i / 50);
      assertThat(directory.resolve("f" + i)).hasContent("content " + i);
      assertThat(directory.resolve("h" + i)).hasContent("content " + i);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("h" + i))))
          .isEqualTo("rw-r-----");
      assertThat(Files.getLastModifiedTime(directory))
          .isEqualTo(FileTime.from(Instant.ofEpochSecond(12345)));
    }
  }

  @Test
  void a_second_file_of_a_name_is_refused_also_among_many() {
    Tars tar = tar();
    for (int i = 0; i < MANY; i++) {
      tar.file("f" + i, "x");
    }
    byte[] archive = tar.file("f" + (MANY - 1), "y").end().bytes();

    assertThatThrownBy(() -> restoreMany(archive))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("f" + (MANY - 1) + ": the archive contains it twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void no_more_threads_than_requested_write_files(int threads) {
    Tars tar = tar();
    for (int i = 0; i < MANY; i++) {
      tar.file("f" + i, "x");
    }
    Set<String> writing = ConcurrentHashMap.newKeySet();
    TreeListener listener =
        TreeListener.of((_, _) -> writing.add(Thread.currentThread().getName()));
    RestoreLimits limits = new RestoreLimits(10 * MANY, new Size(50 << 20), 1000);

    new Extraction(
            new PortableFileTrees(),
            host.stage,
            ExtractionRequest.all(Trust.FOREIGN, limits, threads),
            listener)
        .fromStream("a.tar", new ByteArrayInputStream(tar.end().bytes()), TarLimits.FOREIGN);

    assertThat(writing).hasSizeBetween(Math.min(threads, 2), threads);
  }

  private void restoreMany(byte[] archive) {
    RestoreLimits limits = new RestoreLimits(10 * MANY, new Size(50 << 20), 1000);
    host.extraction(ExtractionRequest.all(Trust.FOREIGN, limits, 2))
        .fromStream("a.tar", new ByteArrayInputStream(archive), TarLimits.FOREIGN);
  }

  @Test
  void only_what_is_wanted_is_made_and_the_way_to_it() {
    Selection selection = new Selection(List.of(TreePath.parse("a/b"), TreePath.parse("c")));
    ExtractionRequest request =
        new ExtractionRequest(selection, Trust.FOREIGN, Host.limits(), false, 1);
    host.extraction(request)
        .fromStream(
            "a.tar",
            new ByteArrayInputStream(
                tar()
                    .directory("a")
                    .file("a/x", "")
                    .directory("a/b")
                    .file("a/b/y", "y")
                    .file("c", "c")
                    .file("cc", "")
                    .end()
                    .bytes()),
            TarLimits.FOREIGN);
    assertThat(host.restored())
        .containsExactly(
            "a d rwxr-xr-x", "a/b d rwxr-xr-x", "a/b/y 'y' rw-r--r--", "c 'c' rw-r--r--");
  }
}
