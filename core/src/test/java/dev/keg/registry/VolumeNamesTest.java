package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.file.DirectorySync;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeNamesTest {
  /** Lists directories like the portable one, and records which it was asked about. */
  private static final class Noting implements DirectorySync {
    private final List<Path> asked = new ArrayList<>();

    @Override
    public void sync(Path directory) {}

    @Override
    public List<String> directories(Path directory) throws IOException {
      asked.add(directory);
      return NONE.directories(directory);
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "4094, 0", "4095, 1"})
  void files_beside_volumes_are_not_listed(int volumes, int questions) throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
      RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
      Noting sync = new Noting();
      for (int i = 1; i <= volumes; i++) {
        Files.createDirectories(layout.volumes().resolve("v" + i));
      }
      Files.createFile(layout.volumes().resolve("stray"));
      List<VolumeName> names = new VolumeNames(layout, sync).names();
      assertThat(names).hasSize(volumes);
      assertThat(names.getLast().text()).isEqualTo("v" + volumes);
      assertThat(sync.asked).hasSize(questions);
    }
  }

  /** Of 4096 and more, the system would be asked. */
  @Test
  void a_directory_that_has_as_many_links_as_entries_holds_only_directories() throws IOException {
    Configuration unix =
        Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build();
    try (FileSystem files = Jimfs.newFileSystem(unix)) {
      RegistryLayout layout = new RegistryLayout(files.getPath("/keg"));
      Noting sync = new Noting();
      for (int i = 1; i <= 4096; i++) {
        Files.createDirectories(layout.volumes().resolve("v" + i));
      }
      assertThat(new VolumeNames(layout, sync).names()).hasSize(4096);
      assertThat(sync.asked).isEmpty();
    }
  }
}
