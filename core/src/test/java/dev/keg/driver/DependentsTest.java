package dev.keg.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DependentsTest {
  private final FileSystem files =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setAttributeViews("basic", "posix", "unix").build());
  private final List<String> synced = new ArrayList<>();
  private final VolumeHome base = home("/keg/base");
  private final Dependents dependents =
      new Dependents(base, directory -> synced.add(directory.toString()));

  private VolumeHome home(String path) {
    try {
      return new VolumeHome(Files.createDirectories(files.getPath(path)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_recorded_is_on_disk_in_both_homes() throws IOException {
    dependents.add(home("/keg/one"), new VolumeName("one"));

    assertThat(dependents.names()).containsExactly("one");
    assertThat(synced).containsExactly("/keg/one", "/keg/base", "/keg/base/dependents");
  }

  @Test
  void the_name_is_written_whole_or_not_at_all() throws IOException {
    VolumeHome one = home("/keg/one");

    dependents.add(one, new VolumeName("one"));

    try (var all = Files.list(one.path())) {
      assertThat(all.map(Path::getFileName).map(Path::toString)).containsExactly("base");
    }
  }

  @Test
  void a_dependent_that_is_removed_is_forgotten() throws IOException {
    dependents.add(home("/keg/one"), new VolumeName("one"));
    Files.delete(files.getPath("/keg/one/base"));

    assertThat(dependents.names()).isEmpty();
  }
}
