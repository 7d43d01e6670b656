package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``         | .
          .          | .
          ./         | .
          a//b/./c   | a/b/c
          a/../..    | ..
          ../../a    | ../../a
          /          | /
          //         | /
          /..        | /
          /../a/     | /a
          /a/../../b | /b
          """)
  void cleaning_keeps_the_meaning_of_a_linux_path(String path, String clean) {
    assertThat(LinuxPaths.clean(path)).isEqualTo(clean);
  }

  @ParameterizedTest
  @CsvSource({
    "a,true",
    "a/b,true",
    "./a,true",
    "a/..,true",
    "a/../b,true",
    "..,false",
    "../a,false",
    "a/../../b,false",
    "/a,false",
    "'',false",
    "..a,true"
  })
  void a_local_path_stays_where_it_begins(String path, boolean local) {
    assertThat(LinuxPaths.isLocal(path)).isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          .            | c:\\work | c:\\work
          ./x          | c:\\work | c:\\work\\x
          ..\\x        | c:\\work | c:\\x
          ../../x      | c:\\work | c:\\x
          x            | c:\\     | c:\\x
          x\\.\\y      | c:       | c:\\x\\y
          """)
  void a_relative_windows_path_is_found_from_its_directory(
      String path, String base, String absolute) {
    assertThat(WindowsPaths.absolute(path, base)).isEqualTo(absolute);
  }

  @ParameterizedTest
  @CsvSource({
    "c:\\x,true",
    "C:/x,true",
    "c:x,false",
    "x,false",
    "\\\\nas\\share,true",
    "//./pipe/x,true"
  })
  void a_windows_path_is_absolute_from_its_drive_or_server(String path, boolean absolute) {
    assertThat(WindowsPaths.isAbsolute(path)).isEqualTo(absolute);
  }
}
