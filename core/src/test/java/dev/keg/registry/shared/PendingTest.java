package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.DirectorySync;
import dev.keg.registry.shared.Pending.BegunChange;
import dev.keg.registry.shared.Pending.Kind;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingTest {
  private static final VolumeName DB = new VolumeName("db");

  private final Path directory = Jimfs.newFileSystem(Configuration.unix()).getPath("/pending");
  private final Pending pending = new Pending(directory, DirectorySync.NONE);

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(directory);
  }

  @ParameterizedTest
  @CsvSource({"CREATE, id", "REMOVE, id", "RENAME, other name", "HOLDERS, ''"})
  void begun_work_is_known_until_it_ends(Kind kind, String subject) {
    assertThat(pending.find(DB)).isEmpty();
    pending.begin(DB, Kind.HOLDERS, "before");

    pending.begin(DB, kind, subject);
    assertThat(pending.find(DB)).contains(new BegunChange(kind, subject));
    assertThat(pending.names()).containsExactly(DB);

    pending.end(DB);
    pending.end(DB);
    assertThat(pending.find(DB)).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  /** A file without a subject was not completely written. */
  @Test
  void work_with_an_incomplete_note_has_not_begun() throws IOException {
    Files.writeString(directory.resolve("db"), "CREATE");
    Files.writeString(directory.resolve(".web"), "CREATE id");

    assertThat(pending.find(DB)).isEmpty();
    assertThat(pending.names()).containsExactly(DB);

    pending.begin(new VolumeName("web"), Kind.REMOVE, "id");
    assertThat(directory.resolve(".web")).doesNotExist();
  }

  @Test
  void what_nobody_knows_is_an_error() throws IOException {
    Files.writeString(directory.resolve("db"), "DELETE id");

    assertThatThrownBy(() -> pending.find(DB))
        .isInstanceOf(FileFailure.class)
        .hasMessage("read: /pending/db: it is damaged");
  }
}
