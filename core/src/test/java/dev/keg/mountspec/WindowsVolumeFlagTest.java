package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.MountSpec.Bind;
import dev.keg.mountspec.MountSpec.Named;
import dev.keg.mountspec.MountSpec.NamedPipe;
import dev.keg.volume.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsVolumeFlagTest {
  private final MountSpecs specs = new MountSpecs(PathStyle.WINDOWS, FakeHost.windows());
  private final MountSpecs linuxContainers =
      new MountSpecs(PathStyle.LINUX_ON_WINDOWS, FakeHost.windows());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          c:\\:d:                          | c:\\             | d:                   | true
          c:\\:d:\\                        | c:\\             | d:\\                 | true
          c:\\:d:\\:ro                     | c:\\             | d:\\                 | false
          c:\\windows\\:d:                 | c:\\windows      | d:                   | true
          c:\\windows:d:\\s p a c e        | c:\\windows      | d:\\s p a c e        | true
          c:\\windows:d:\\s p a c e:RW     | c:\\windows      | d:\\s p a c e        | true
          C:\\Windows:D:\\Data\\:RO        | c:\\windows      | d:\\data             | false
          c:\\program files:d:\\s p a c e i n h o s t d i r | c:\\program files | d:\\s p a c e i n h o s t d i r | true
          c:/:d:/forward/slashes/are/good/too | c:\\          | d:\\forward\\slashes\\are\\good\\too | true
          c:/:d:/including with/spaces:ro  | c:\\             | d:\\including with\\spaces | false
          \\\\?\\c:\\windows\\:d:          | \\\\?\\c:\\windows | d:                 | true
          \\\\Files\\projects\\a b:d:\\x:ro | \\\\files\\projects\\a b | d:\\x | false
          //files/projects/a b:d:          | \\\\files\\projects\\a b | d:      | true
          .:d:\\x                          | c:\\work\\dir    | d:\\x                | true
          ..:d:\\x                         | c:\\work         | d:\\x                | true
          """)
  void a_directory_is_bound(String text, String source, String target, boolean writable) {
    assertThat(specs.volume(text))
        .isEqualTo(new Bind(source, target, Access.DEFAULT.withReadOnly(!writable), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name:d:            | name            | d: | true
          name:D:            | name            | d: | true
          name:D::rW         | name            | d: | true
          name:D::RW         | name            | d: | true
          name:D::Ro         | name            | d: | false
          0123456789name:d:  | 0123456789name  | d: | true
          MiXeDcAsEnAmE:d:   | mixedcasename   | d: | true
          test-aux-volume:d: | test-aux-volume | d: | true
          """)
  void a_name_is_a_volume_in_lower_case(String text, String name, String target, boolean writable) {
    assertThat(specs.volume(text))
        .isEqualTo(
            new Named(
                WantedVolume.named(new VolumeName(name)),
                "",
                target,
                Access.DEFAULT.withReadOnly(!writable),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          d:\\                   | d:\\
          d:                     | d:
          d:\\path               | d:\\path
          d:\\path with space    | d:\\path with space
          c:\\Windows            | c:\\windows
          c:\\Program Files (x86) | c:\\program files (x86)
          """)
  void a_target_alone_is_an_anonymous_volume(String text, String target) {
    assertThat(specs.volume(text))
        .isEqualTo(new Named(WantedVolume.ANONYMOUS, "", target, Access.DEFAULT, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\\\.\\pipe\\foo:\\\\.\\pipe\\bar", "//./pipe/foo://./pipe/bar"})
  void a_pipe_is_passed_on(String text) {
    assertThat(specs.volume(text)).isEqualTo(new NamedPipe("\\\\.\\pipe\\foo", "\\\\.\\pipe\\bar"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..\\",
        "c:\\:..\\",
        "c:\\:d:\\:xyzzy",
        "c:\\:d:\\:foo",
        "name<:d:",
        "name>:d:",
        "name::d:",
        "name\":d:",
        "name\\:d:",
        "name|:d:",
        "name?:d:",
        "name/:d:",
        "d:\\pathandmode:rw",
        "d:\\pathandmode:ro",
        "c:\\windows\\\\x:d:",
        "\\\\files:d:",
        "\\\\files\\projects\\a?b:d:",
        "c:\\:d:\\\\x"
      })
  void text_that_does_not_match_is_refused(String text) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume(text))
        .withMessageStartingWith("invalid volume specification: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          c:                      | cannot be 'c:'
          c:\\                    | cannot be 'c:'
          \\\\files\\none:d:       | source path does not exist: \\\\files\\none
          c:\\notexist:d:         | source path does not exist: c:\\notexist
          c:\\windows\\system32\\ntdll.dll:d: | source path must be a directory
          c:\\windows\\system32\\ntdll.dll    | file 'c:\\windows\\system32\\ntdll.dll' cannot be mapped. Only directories can be mapped on this platform
          con:d:                  | cannot be a reserved word for Windows filenames
          PRN:d:                  | cannot be a reserved word for Windows filenames
          nul:d:                  | cannot be a reserved word for Windows filenames
          aux:d:                  | cannot be a reserved word for Windows filenames
          com1:d:                 | cannot be a reserved word for Windows filenames
          com9:d:                 | cannot be a reserved word for Windows filenames
          lpt1:d:                 | cannot be a reserved word for Windows filenames
          lpt9:d:                 | cannot be a reserved word for Windows filenames
          \\\\.\\pipe\\foo:c:\\pipe | 'c:\\pipe' is not a valid pipe path
          name:c:                 | invalid volume specification: 'name:c:': invalid mount config for type "volume": destination path (c:) cannot be 'c:' or 'c:\\'
          c:\\foo\\bar:\\\\.\\pipe\\foo | invalid volume specification: 'c:\\foo\\bar:\\\\.\\pipe\\foo': invalid mount config for type "bind": bind source path does not exist: c:\\foo\\bar
          c:\\:d:\\:foo           | invalid volume specification: 'c:\\:d:\\:foo'
          """)
  void errors_use_dockers_words(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume(text))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          c:\\windows:/foo           | c:\\windows | /foo         | true
          c:\\windows\\:/foo/:ro     | c:\\windows | /foo/        | false
          c:/windows:/s p a c e:RW   | c:\\windows | /s p a c e   | true
          """)
  void linux_containers_have_linux_targets(
      String text, String source, String target, boolean writable) {
    assertThat(linuxContainers.volume(text))
        .isEqualTo(new Bind(source, target, Access.DEFAULT.withReadOnly(!writable), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          c:\\windows:/           | destination can't be '/'
          name:/                  | destination can't be '/'
          c:\\windows:d:\\x       | invalid volume specification
          name:/a//b              | invalid volume specification
          \\\\.\\pipe\\foo:/foo   | Linux containers on Windows do not support named pipe mounts
          \\\\files\\projects\\a b:/foo | Linux containers on Windows do not support shares: \\\\files\\projects\\a b
          c:\\notexist:/foo       | bind source path does not exist: c:\\notexist
          con:/foo                | volume name "con" cannot be a reserved word for Windows filenames
          """)
  void linux_containers_are_refused_what_they_cannot_have(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> linuxContainers.volume(text))
        .withMessageContaining(message);
  }

  @Test
  void a_long_path_is_read_in_linear_time_and_little_stack() {
    String path = "c:" + "\\a b".repeat(50_000);

    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.volume(path + "<:d:"))
        .withMessageStartingWith("invalid volume specification");
    assertThat(specs.volume("name:" + "d" + path.substring(1)).target()).hasSize(200_002);
  }
}
