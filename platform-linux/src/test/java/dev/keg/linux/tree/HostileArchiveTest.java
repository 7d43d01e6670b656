package dev.keg.linux.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.MaliciousArchives;
import dev.keg.backup.extract.MaliciousArchives.Malicious;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.Tars;
import dev.keg.backup.tar.Tars.Header;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel itself confines a restore to its stage, whatever the archive contains. */
@EnabledOnOs(OS.LINUX)
class HostileArchiveTest {
  @TempDir Path host;
  private Path stage;
  private final List<String> notes = new ArrayList<>();
  private List<String> outside;

  @BeforeEach
  void make() throws IOException {
    stage = Files.createDirectories(host.resolve("volumes/db/stage"));
    Files.createDirectory(host.resolve("etc"));
    Files.writeString(host.resolve("etc/shadow"), "secret");
    Files.writeString(host.resolve("volumes/db/x"), "a neighbour");
    outside = outside();
  }

  /** Everything except the stage, with all that a restore could change. */
  private List<String> outside() throws IOException {
    try (Stream<Path> all = Files.walk(host)) {
      List<String> lines = new ArrayList<>();
      for (Path path : (Iterable<Path>) all.filter(p -> !p.startsWith(stage))::iterator) {
        lines.add(
            path
                + " "
                + Files.readAttributes(
                    path, "unix:ino,mode,nlink,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS)
                + (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Files.readString(path)
                    : ""));
      }
      return lines;
    }
  }

  private void restore(InputStream archive) {
    RestoreLimits limits = new RestoreLimits(100, new Size(50 << 20), 1000);
    new Extraction(
            new LinuxFileTrees(),
            stage,
            ExtractionRequest.all(Trust.FOREIGN, limits, 1),
            (path, note, text) -> notes.add(note + " " + path + ": " + text))
        .fromStream("a.tar", archive, TarLimits.FOREIGN);
  }

  private void restore(Tars tar) {
    restore(new ByteArrayInputStream(tar.end().bytes()));
  }

  static Stream<Malicious> malicious() {
    return MaliciousArchives.all();
  }

  @ParameterizedTest(name = "case {0}")
  @MethodSource
  void malicious(Malicious malicious) throws IOException {
    assertThatThrownBy(() -> restore(new ByteArrayInputStream(malicious.archive())))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageStartingWith("a.tar: ")
        .hasMessageContaining(malicious.message());
    assertThat(outside()).isEqualTo(outside);
  }

  @Test
  void a_hard_link_to_a_symbolic_link_is_that_link_and_not_what_it_leads_to() throws IOException {
    restore(new Tars().symlink("l", host.resolve("etc/shadow").toString()).hardLink("h", "l"));

    assertThat(Files.readSymbolicLink(stage.resolve("h"))).isEqualTo(host.resolve("etc/shadow"));
    assertThat(outside()).isEqualTo(outside);
  }

  @Test
  void a_symbolic_link_gets_its_attributes_and_its_target_keeps_its_own() throws IOException {
    restore(
        new Tars()
            .pax("mtime", "12345", "SCHILY.xattr.user.a", "b")
            .add(new Header('2', "l").link(host.resolve("etc/shadow").toString()).mode(0777)));

    assertThat(outside()).isEqualTo(outside);
  }

  @Test
  void a_named_pipe_is_made_and_not_opened() throws IOException {
    restore(new Tars().pax("SCHILY.xattr.trusted.a", "b").add(new Header('6', "p").mode(0600)));

    assertThat(Files.readAttributes(stage.resolve("p"), "unix:mode").get("mode"))
        .isEqualTo(0010600);
  }

  @Test
  void names_are_bytes() throws IOException {
    restore(new Tars().file("new\nline \u001b[31m \u00e9", "x").file("a/.../b", "y"));

    assertThat(Files.readString(stage.resolve("a/.../b"))).isEqualTo("y");
    try (Stream<Path> names = Files.list(stage)) {
      assertThat(names.map(p -> p.toUri().getRawPath()))
          .anyMatch(name -> name.endsWith("new%0Aline%20%1B%5B31m%20%E9"));
    }
  }

  /** Case 34: the names were different for the original file system, and are different here. */
  @Test
  void names_that_look_alike_are_several_files() throws IOException {
    restore(
        new Tars()
            .file("File", "1")
            .file("file", "2")
            .file("\u00c3\u00a9", "composed")
            .file("e\u00cc\u0081", "decomposed"));

    try (Stream<Path> names = Files.list(stage)) {
      assertThat(names).hasSize(4);
    }
    assertThat(Files.readString(stage.resolve("File"))).isEqualTo("1");
    assertThat(Files.readString(stage.resolve("file"))).isEqualTo("2");
  }

  @Test
  void a_name_that_is_too_long_for_the_file_system_is_refused() throws IOException {
    assertThatThrownBy(() -> restore(new Tars().pax("path", "n".repeat(256)).file("a", "x")))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageContaining("a name of 256 bytes, more than a file system takes");
    assertThat(outside()).isEqualTo(outside);
  }

  /** Case 38: a process that can write into the stage replaces a directory by a link. */
  @Test
  void a_directory_that_becomes_a_link_meanwhile_leads_nowhere() throws IOException {
    Tars first = new Tars().directory("d").file("d/a", "x");
    for (int i = 0; i < 40; i++) {
      first.directory("other" + i).file("other" + i + "/f", "x");
    }
    byte[] archive = first.file("d/shadow", "evil").end().bytes();
    InputStream swapping =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            if (at == archive.length) {
              return -1;
            }
            int count = Math.min(Math.min(512, length), archive.length - at);
            System.arraycopy(archive, at, bytes, offset, count);
            at += count;
            if (Files.exists(stage.resolve("other39/f"), LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(stage.resolve("d"))) {
              Files.move(stage.resolve("d"), stage.resolve("moved"));
              Files.createSymbolicLink(stage.resolve("d"), host.resolve("etc"));
            }
            return count;
          }
        };

    try {
      restore(swapping);
    } catch (VolumeException e) {
      assertThat(e).hasMessageContaining("a symbolic link in the path");
    }
    assertThat(stage.resolve("d")).isSymbolicLink();
    assertThat(outside()).isEqualTo(outside);
  }
}
