package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountSpec.Tmpfs;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TmpfsTest {
  private static final Set<Restriction> ALL =
      Set.of(Restriction.NOEXEC, Restriction.NOSUID, Restriction.NODEV);

  private final MountSpecs specs = new MountSpecs(PathStyle.LINUX, FakeHost.linux());

  private static Access access(boolean readOnly, Set<Restriction> restrictions) {
    return Access.DEFAULT.withReadOnly(readOnly).with(restrictions);
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("/a", new Tmpfs("/a", List.of(), access(false, ALL))),
        Arguments.of("/a/:", new Tmpfs("/a", List.of(), access(false, ALL))),
        Arguments.of("/a:defaults", new Tmpfs("/a", List.of(), access(false, ALL))),
        Arguments.of(
            "/a:size=64m,mode=1777",
            new Tmpfs("/a", List.of("size=64m", "mode=1777"), access(false, ALL))),
        Arguments.of("/a:exec,suid,dev,ro", new Tmpfs("/a", List.of(), access(true, Set.of()))),
        Arguments.of(
            "/a:size=1m,exec,size=2m,noexec,rw,ro",
            new Tmpfs("/a", List.of("size=2m"), access(true, ALL))),
        Arguments.of("/a:ro,rw", new Tmpfs("/a", List.of(), access(false, ALL))),
        Arguments.of(
            "/a:rshared,rslave",
            new Tmpfs("/a", List.of(), access(false, ALL).with(Propagation.RSLAVE))),
        Arguments.of(
            "/a:uid=5,gid=6,nr_inodes=10,nr_blocks=20,mpol=default",
            new Tmpfs(
                "/a",
                List.of("uid=5", "gid=6", "nr_inodes=10", "nr_blocks=20", "mpol=default"),
                access(false, ALL))),
        Arguments.of(
            "/a:atime,noatime,sync,async,dirsync,nodiratime",
            new Tmpfs(
                "/a", List.of("noatime", "async", "dirsync", "nodiratime"), access(false, ALL))));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void options_follow_dockers_defaults_and_the_last_holds(String text, Tmpfs spec) {
    assertThat(specs.tmpfs(text)).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``              | invalid mount path: '' mount path must be absolute
          a               | invalid mount path: 'a' mount path must be absolute
          /               | invalid specification: destination can't be '/'
          /..             | invalid specification: destination can't be '/'
          /a:bogus        | invalid tmpfs option "bogus"
          /a:size=1m,foo=1 | invalid tmpfs option "foo=1"
          /a:huge=always  | invalid tmpfs option "huge=always"
          /a:,            | invalid tmpfs option ""
          /a:size         | invalid tmpfs option "size"
          /a:size=        | invalid tmpfs option "size="
          /a:remount      | invalid tmpfs option "remount"
          /a:bind         | invalid tmpfs option "bind"
          /a:mode:1777    | invalid tmpfs option "mode:1777"
          /a:noro         | invalid tmpfs option "noro"
          """)
  void what_is_not_an_option_of_a_tmpfs_is_refused(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.tmpfs(text))
        .withMessage(message);
  }

  static Stream<Arguments> structured() {
    return Stream.of(
        Arguments.of(new TmpfsPart(1 << 20, 0700, List.of()), false, "mode=700,size=1m"),
        Arguments.of(new TmpfsPart(0, 0, List.of()), true, "ro"),
        Arguments.of(new TmpfsPart(0, 0, List.of(List.of("exec"))), true, "ro,exec"),
        Arguments.of(
            new TmpfsPart(0, 0, List.of(List.of("noexec"), List.of("exec", "1"))),
            false,
            "noexec,exec=1"),
        Arguments.of(new TmpfsPart(3L << 30, 01777, List.of()), false, "mode=1777,size=3g"),
        Arguments.of(new TmpfsPart(1025L << 20, 0, List.of()), false, "size=1025m"),
        Arguments.of(new TmpfsPart(512 << 10, 0, List.of()), false, "size=512k"),
        Arguments.of(new TmpfsPart(1000, 0, List.of()), false, "size=1000"));
  }

  @ParameterizedTest
  @MethodSource("structured")
  void structured_options_become_dockers_text(TmpfsPart part, boolean readOnly, String text) {
    assertThat(String.join(",", TmpfsOptions.words(part, readOnly))).isEqualTo(text);
  }

  @Test
  void a_mount_of_type_tmpfs_has_the_same_defaults() {
    assertThat(specs.mount("type=tmpfs,dst=/a,tmpfs-size=1m,ro,exec"))
        .isEqualTo(
            new Tmpfs(
                "/a",
                List.of("size=1m"),
                access(true, Set.of(Restriction.NOSUID, Restriction.NODEV))));
  }

  @Test
  void windows_has_no_tmpfs() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> new MountSpecs(PathStyle.WINDOWS, FakeHost.windows()).tmpfs("c:\\x"))
        .withMessage("windows does not support tmpfs");
  }
}
