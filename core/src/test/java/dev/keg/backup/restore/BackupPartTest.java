package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.extract.Selection;
import dev.keg.error.BackupException.NoSuchFile;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupPartTest {
  private final BackedHost host = new BackedHost();

  @BeforeEach
  void back_up() throws Exception {
    VolumeName db = host.create("db");
    Path data = host.data(db);
    Files.createDirectories(data.resolve("etc/ssl"));
    Files.writeString(data.resolve("etc/app.conf"), "text");
    Files.createSymbolicLink(data.resolve("conf"), data.getFileSystem().getPath("etc"));
    host.save(db);
  }

  private Optional<Selection> find(String text, boolean follow) {
    try (RestoreSource.Indexed source =
        RestoreSource.of(host.repository, host.last(host.repository), true)) {
      return new BackupPart(text, follow).find("db ID", source.archive());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "etc/app.conf, etc/app.conf",
    "/etc//app.conf, etc/app.conf",
    "./etc/app.conf, etc/app.conf",
    "etc/ssl/., etc/ssl",
    "etc/, etc",
    "conf, conf"
  })
  void it_is_the_path_alone(String text, String path) {
    assertThat(find(text, false).orElseThrow().paths()).containsExactly(TreePath.parse(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", ".", "conf/app.conf", "conf/missing", "conf/", "conf/.", "../x"})
  void it_is_everything_where_a_link_may_lead_elsewhere(String text) {
    assertThat(find(text, false)).isEmpty();
  }

  @Test
  void a_followed_link_may_lead_anywhere() {
    assertThat(find("conf", true)).isEmpty();
    assertThat(find("etc/app.conf", true)).isPresent();
  }

  @Test
  void a_missing_path_is_named() {
    assertThatThrownBy(() -> find("etc/other", false))
        .isInstanceOf(NoSuchFile.class)
        .hasMessage("db ID: etc/other: no such file or directory");
  }
}
