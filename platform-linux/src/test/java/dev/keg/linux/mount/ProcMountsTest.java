package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class ProcMountsTest {
  private static final List<String> RW = List.of("rw");

  private static ProcMounts parse(String... lines) throws IOException {
    return ProcMounts.parse((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String at(int id, int parent, String target) {
    return "%d %d 0:%d / %s rw - tmpfs tmpfs rw".formatted(id, parent, id, target);
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of(
            "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
            new Mount(
                36,
                35,
                "98:0",
                "/mnt1",
                "/mnt2",
                List.of("rw", "noatime"),
                List.of("master:1"),
                "ext3",
                "/dev/root",
                List.of("rw", "errors=continue"))),
        Arguments.of(
            "1 1 0:2 / / rw - rootfs rootfs rw",
            new Mount(1, 1, "0:2", "/", "/", RW, List.of(), "rootfs", "rootfs", RW)),
        Arguments.of(
            "77 28 0:54 / /a\\040b\\011c\\012d\\134e ro,nosuid shared:9 master:2"
                + " propagate_from:1 unbindable - fuse.sshfs u@h:/x\\043y ro,user_id=0",
            new Mount(
                77,
                28,
                "0:54",
                "/",
                "/a b\tc\nd\\e",
                List.of("ro", "nosuid"),
                List.of("shared:9", "master:2", "propagate_from:1", "unbindable"),
                "fuse.sshfs",
                "u@h:/x#y",
                List.of("ro", "user_id=0"))),
        Arguments.of(
            "5 1 0:5 /gone//deleted /e rw - tmpfs  rw",
            new Mount(5, 1, "0:5", "/gone//deleted", "/e", RW, List.of(), "tmpfs", "", RW)),
        Arguments.of(
            "5 1 0:5 / /back\\slash\\09 rw - tmpfs - rw",
            new Mount(5, 1, "0:5", "/", "/back\\slash\\09", RW, List.of(), "tmpfs", "-", RW)));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void reads(String line, Mount expected) throws IOException {
    assertThat(parse(line).mounts()).containsExactly(expected);
  }

  @Test
  void names_are_decoded_as_the_paths_of_this_process_are() throws IOException {
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"), "the locale's encoding is another");

    assertThat(parse(at(2, 1, "/\u00e9\\040")).mounts())
        .extracting(Mount::target)
        .containsExactly("/\u00e9 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rubbish",
        "36 35 98:0 /mnt1 /mnt2 rw ext3 /dev/root rw",
        "36 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root",
        "36 35 98:0 /mnt1 - ext3 /dev/root rw rw rw",
        "x 35 98:0 / / rw - ext3 /dev/root rw",
      })
  void refuses(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(IOException.class)
        .hasMessage("not a line of mountinfo: " + line);
  }

  @Test
  void an_empty_table_has_no_mounts() throws IOException {
    assertThat(ProcMounts.parse(new byte[0]).mounts()).isEmpty();
  }

  @Test
  void the_top_of_a_stack_is_the_mount_that_nothing_covers() throws IOException {
    ProcMounts table = parse(at(10, 1, "/m"), at(12, 10, "/m"), at(11, 1, "/m/below"));

    assertThat(table.at(Path.of("/m"))).extracting(Mount::id).containsExactly(10L, 12L);
    assertThat(table.top(Path.of("/m"))).map(Mount::id).contains(12L);
  }

  @Test
  void a_mount_that_was_slid_below_another_is_not_on_top() throws IOException {
    ProcMounts table = parse(at(10, 12, "/m"), at(12, 1, "/m"));

    assertThat(table.top(Path.of("/m"))).map(Mount::id).contains(10L);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs4, nas:/srv/data, nas",
    "nfs, [fd00::7]:/srv, [fd00::7]",
    "cifs, //nas/data, //nas",
    "ceph, 'a:6789,b:6789:/data', 'a:6789,b:6789'",
    "fuse.glusterfs, nas:/volume, nas",
    "fuse.bindfs, /srv, 0:51",
    "ext4, /dev/vda, none",
  })
  void mounts_of_one_server_are_known_by_their_source(String type, String source, String server)
      throws IOException {
    String line = "36 35 0:51 / /mnt rw - %s %s rw".formatted(type, source);
    ProcMounts mounts = ProcMounts.parse(line.getBytes(StandardCharsets.UTF_8));

    assertThat(ProcMounts.server(mounts.mounts().getFirst()).orElse("none")).isEqualTo(server);
  }

  @Test
  void below_does_not_take_names_that_only_begin_alike() throws IOException {
    ProcMounts table = parse(at(2, 1, "/m"), at(3, 1, "/mm"), at(4, 2, "/m/x"), at(5, 1, "/"));

    assertThat(table.below(Path.of("/m"))).extracting(Mount::id).containsExactly(2L, 4L);
    assertThat(table.below(Path.of("/"))).hasSize(4);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /proc elsewhere")
  void the_table_of_this_machine_has_a_root() throws IOException {
    assertThat(ProcMounts.read().top(Path.of("/"))).isPresent();
  }
}
