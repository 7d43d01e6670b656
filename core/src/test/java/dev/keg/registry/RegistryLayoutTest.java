package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryLayoutTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final RegistryLayout layout = new RegistryLayout(files.getPath("/var/lib/keg"));

  @ParameterizedTest
  @CsvSource({
    "/,true",
    "/var/lib,true",
    "/var/lib/keg,true",
    "/var/lib/keg/volumes,true",
    "/var/lib/keg/staging/x,true",
    "/var/lib/keg/volumes/db,true",
    "/var/lib/keg/volumes/db/attachments,true",
    "/var/lib/keg/volumes/db/_data,true",
    "/var/lib/keg/volumes/db/_data/sub,false",
    "/var/lib/keg/volumes/db/_data/sub/deeper,false",
    "/var/lib/keg2,false",
    "/var/lib/other,false",
    "/srv,false",
  })
  void a_mount_hides_the_registry_except_inside_the_data_of_a_volume(String site, boolean hides) {
    assertThat(layout.isHiddenBy(files.getPath(site))).isEqualTo(hides);
  }
}
