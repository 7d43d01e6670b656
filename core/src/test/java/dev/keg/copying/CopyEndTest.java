package dev.keg.copying;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.copying.CopyEnd.InVolume;
import dev.keg.copying.CopyEnd.OnHost;
import java.nio.file.FileSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyEndTest {
  private final FileSystem host = Jimfs.newFileSystem(Configuration.unix());

  @ParameterizedTest
  @CsvSource({
    "db:/data, db, /data",
    "db:data/., db, data/.",
    "db:, db, ''",
    "db:a:b, db, a:b",
    ":x, '', x"
  })
  void a_colon_makes_it_a_volume(String text, String volume, String path) {
    assertThat(CopyEnd.parse(text, host)).isEqualTo(new InVolume(volume, path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "./a:b", "/a:b", "../a:b", ".a:b", "dir/", "--"})
  void everything_else_is_a_path_of_the_host(String text) {
    assertThat(CopyEnd.parse(text, host)).isEqualTo(new OnHost(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C:\\data", "c:/data"})
  void a_drive_is_not_a_volume_on_windows(String text) {
    FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
    assertThat(CopyEnd.parse(text, windows)).isEqualTo(new OnHost(text));
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, b, false, false",
    "a/b/, b, true, false",
    "a/b/., '', true, true",
    "a/b/./, '', true, true",
    "., '', true, true",
    "/, '', true, true",
    "'', '', true, true",
    "a/.., .., true, false",
    "a.b/c., c., false, false"
  })
  void the_end_of_a_path_says_what_it_must_be(
      String text, String name, boolean directory, boolean content) {
    assertThat(WrittenPath.of(text, "/")).isEqualTo(new WrittenPath(name, directory, content));
  }
}
