package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.error.InvalidInput.InvalidSnapshotName;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.IdMap.Range;
import dev.keg.mountspec.MountSpec.Bind;
import dev.keg.mountspec.MountSpec.Named;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxVolumeFlagTest {
  private final MountSpecs specs = new MountSpecs(PathStyle.LINUX, FakeHost.linux());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /tmp:/tmp1                  | /tmp              | /tmp1           | true
          /tmp:/tmp2:ro               | /tmp              | /tmp2           | false
          /tmp:/tmp3:rw               | /tmp              | /tmp3           | true
          /home:/home                 | /home             | /home           | true
          /home:/something/else       | /home             | /something/else | true
          /home:/with space           | /home             | /with space     | true
          /a b:/c d                   | /a b              | /c d            | true
          /hostPath:/containerPath:rw | /hostPath         | /containerPath  | true
          /rw:/ro                     | /rw               | /ro             | true
          /host/:/container/          | /host             | /container      | true
          /host/./a/../b:/c/../d//e   | /host/b           | /d/e            | true
          /missing:/x                 | /missing          | /x              | true
          .:/x                        | /work/dir         | /x              | true
          ./foo:/x:ro                 | /work/dir/foo     | /x              | false
          ..:/x                       | /work             | /x              | true
          ../foo/:/x                  | /work/foo         | /x              | true
          .hidden:/x                  | /work/dir/.hidden | /x              | true
          /a:/b:cached                | /a                | /b              | true
          /a:/b:delegated,ro          | /a                | /b              | false
          """)
  void a_path_is_bound_and_made_where_it_is_missing(
      String text, String source, String target, boolean writable) {
    assertThat(specs.volume(text))
        .isEqualTo(new Bind(source, target, Access.DEFAULT.withReadOnly(!writable), true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name:/named1                  | name     | /named1        | true  | true
          name:/named2:ro               | name     | /named2        | false | true
          name:/named3:nocopy           | name     | /named3        | true  | false
          name:/named4:ro,nocopy        | name     | /named4        | false | false
          relative:/absolute-path       | relative | /absolute-path | true  | true
          hostPath:/containerPath:ro    | hostPath | /containerPath | false | true
          thing.d:/data/                | thing.d  | /data          | true  | true
          """)
  void any_other_source_is_the_name_of_a_volume(
      String text, String name, String target, boolean writable, boolean copyUp) {
    assertThat(specs.volume(text))
        .isEqualTo(
            new Named(
                WantedVolume.named(new VolumeName(name)),
                "",
                target,
                Access.DEFAULT.withReadOnly(!writable),
                copyUp));
  }

  @ParameterizedTest
  @ValueSource(strings = {"db@night:/data", "db@night:/data:ro", "db@night:/data:rw,nocopy"})
  void a_name_with_an_at_sign_is_a_snapshot_which_nobody_can_write_to(String text) {
    assertThat(specs.volume(text))
        .isEqualTo(
            new MountSpec.Snapshot(
                VolumeAt.parse("db@night"), "/data", Access.DEFAULT.withReadOnly(true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"db@:/data", "db@a b:/data", "db@a@b:/data"})
  void a_snapshot_has_the_name_of_one(String text) {
    assertThatExceptionOfType(InvalidSnapshotName.class).isThrownBy(() -> specs.volume(text));
  }

  @Test
  void a_snapshot_gets_no_other_labels() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume("db@night:/data:z"))
        .withMessageContaining("db@night: a snapshot keeps its SELinux labels");
  }

  @Test
  void a_snapshot_has_the_file_system_of_its_volume() {
    MountSpec snapshot = specs.volume("db@night:/data");
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> snapshot.with(specs.access("sync,lazytime")))
        .withMessageContaining(
            "db@night: a snapshot shares its file system: leave out lazytime, sync");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home", "/with space", "/a", "/a/../b"})
  void a_target_alone_is_an_anonymous_volume(String text) {
    assertThat(specs.volume(text))
        .isEqualTo(
            new Named(WantedVolume.ANONYMOUS, "", LinuxPaths.clean(text), Access.DEFAULT, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shared        | false | SHARED   |
          rshared       | false | RSHARED  |
          slave         | false | SLAVE    |
          rslave        | false | RSLAVE   |
          private       | false | PRIVATE  |
          rprivate      | false | RPRIVATE |
          ro,shared     | true  | SHARED   |
          ro,slave      | true  | SLAVE    |
          ro,private    | true  | PRIVATE  |
          ro,z,shared   | true  | SHARED   | SHARED
          ro,Z,slave    | true  | SLAVE    | PRIVATE
          Z,ro,slave    | true  | SLAVE    | PRIVATE
          slave,Z,ro    | true  | SLAVE    | PRIVATE
          Z,slave,ro    | true  | SLAVE    | PRIVATE
          ro,rshared,Z  | true  | RSHARED  | PRIVATE
          ro,Z,rprivate | true  | RPRIVATE | PRIVATE
          z             | false | RPRIVATE | SHARED
          """)
  void mode_words_come_in_any_order(
      String mode, boolean readOnly, Propagation propagation, Relabel relabel) {
    assertThat(specs.volume("/hostPath:/containerPath:" + mode).access())
        .isEqualTo(Access.DEFAULT.withReadOnly(readOnly).with(propagation).with(relabel, null));
  }

  @Test
  void podmans_words_restrict_what_the_files_may_do() {
    assertThat(specs.volume("name:/x:noexec,nosuid,dev").access().restrictions())
        .isEqualTo(Set.of(Restriction.NOEXEC, Restriction.NOSUID));
  }

  @Test
  void podmans_idmap_translates_owners() {
    assertThat(specs.volume("/a:/b:idmap=uids=0-1000-10#10-5000-1;gids=0-1000-10").access().idMap())
        .contains(
            new IdMap(
                List.of(new Range(0, 1000, 10), new Range(10, 5000, 1)),
                List.of(new Range(0, 1000, 10))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "/tmp:",
        ":test",
        ":/test",
        "tmp:",
        ":test:",
        ":::",
        "/tmp:::",
        ":/tmp::",
        "/path:rw",
        "/path:ro",
        "path:ro",
        "/path:shared",
        "/path:slave",
        "/path:private",
        "/path:nocopy",
        "/path:noexec",
        "/path:z",
        "/a:/b:"
      })
  void text_without_source_or_target_is_refused(String text) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume(text))
        .withMessageContaining("invalid volume specification");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name:/absolute-path:shared   | invalid volume specification: 'name:/absolute-path:shared': invalid mount config for type "volume": field BindOptions must not be specified
          name:/absolute-path:rshared  | invalid volume specification: 'name:/absolute-path:rshared': invalid mount config for type "volume": field BindOptions must not be specified
          name:/absolute-path:rprivate | field BindOptions must not be specified
          /a:/b:nocopy                 | invalid volume specification: '/a:/b:nocopy': invalid mount config for type "bind": field VolumeOptions must not be specified
          ./                           | mount path must be absolute
          ../                          | mount path must be absolute
          /:../                        | mount path must be absolute
          /:path                       | mount path must be absolute
          /tmp:tmp                     | invalid volume specification: '/tmp:tmp': invalid mount config for type "bind": invalid mount path: 'tmp' mount path must be absolute
          x1:/../                      | invalid volume specification: 'x1:/../': invalid mount config for type "volume": invalid specification: destination can't be '/'
          /tmp:/                       | destination can't be '/'
          /tmp://                      | destination can't be '/'
          /tmp:/.                      | destination can't be '/'
          /tmp:\\                      | destination can't be '/'
          /path:/path:sw               | invalid mode: sw
          /path:/path:rwz              | invalid mode: rwz
          /path:/path:ro,rshared,rslave | invalid mode: ro,rshared,rslave
          /path:/path:ro,z,rshared,rslave | invalid mode: ro,z,rshared,rslave
          /path:/path:ro,rw            | invalid mode: ro,rw
          /path:/path:z,Z              | invalid mode: z,Z
          /path:/path:ro,              | invalid mode: ro,
          /path:/path:RO               | invalid mode: RO
          /path:/path:copy             | invalid mode: copy
          /path:/path:O                | invalid mode: O
          /path:/path:U                | invalid mode: U
          /path:/path:exec,noexec      | invalid mode: exec,noexec
          /path:/path:cached,consistent | invalid mode: cached,consistent
          name:/path:nocopy,nocopy     | invalid mode: nocopy,nocopy
          name:/target:bogus           | invalid mode: bogus
          /a:/b:idmap=bogus            | invalid idmap 'bogus'
          /a:/b:idmap=uids=0-0-0       | invalid idmap range '0-0-0'
          /foo:/foo:ro:foo             | invalid spec: /foo:/foo:ro:foo: too many colons
          :foo                         | invalid spec: :foo: empty section between colons
          /foo::ro                     | invalid spec: /foo::ro: empty section between colons
          """)
  void errors_use_dockers_words(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume(text))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"~/thing:/x", "with space:/x", "\\a:/b", "-v:/x"})
  void a_source_that_is_neither_path_nor_name_is_refused_as_a_name(String text) {
    assertThatExceptionOfType(InvalidName.class)
        .isThrownBy(() -> specs.volume(text))
        .withMessageContaining("If you intended to pass a host directory, use absolute path");
  }

  @Test
  void a_name_of_one_letter_is_too_short() {
    assertThatExceptionOfType(InvalidName.class)
        .isThrownBy(() -> specs.volume("a:/data"))
        .withMessageStartingWith("create a: volume name is too short");
  }

  @Test
  void mode_words_alone_say_how_a_mount_is_seen() {
    assertThat(specs.access("ro,noexec,rslave,Z"))
        .isEqualTo(
            Access.DEFAULT
                .withReadOnly(true)
                .with(Set.of(Restriction.NOEXEC))
                .with(Propagation.RSLAVE)
                .with(Relabel.PRIVATE, null));
    assertThat(specs.access("")).isEqualTo(Access.DEFAULT);
    assertThat(specs.access("noatime,nodiratime"))
        .isEqualTo(Access.DEFAULT.with(Set.of(Restriction.NOATIME, Restriction.NODIRATIME)));
    assertThat(specs.access("relatime")).isEqualTo(Access.DEFAULT);
    assertThat(specs.access("ro,sync,lazytime"))
        .isEqualTo(Access.DEFAULT.withReadOnly(true).withShared(Set.of("sync", "lazytime")));
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.access("ro,nocopy"))
        .withMessage("invalid mode: ro,nocopy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "dirsync", "nolazytime", "context=a_u:b_r:c_t:s0"})
  void what_all_mounts_of_a_file_system_share_is_refused_for_one(String word) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.access("ro," + word))
        .withMessage("invalid mode: " + word + ": all mounts of a file system share it")
        .satisfies(e -> assertThat(e.hint().orElse("")).contains("-o o=" + word));
  }
}
