package dev.keg.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.volume.VolumeHome;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
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

  @Test
  void a_mount_hides_a_pool_except_inside_the_data_of_its_volumes() {
    RootInMemory root = new RootInMemory();
    root.addPool();

    assertThat(root.layout.isHiddenBy(root.disk)).isTrue();
    assertThat(root.layout.isHiddenBy(root.disk.resolve("volumes/db"))).isTrue();
    assertThat(root.layout.isHiddenBy(root.disk.resolve("volumes/db/_data/sub"))).isFalse();
    assertThat(root.layout.isHiddenBy(root.disk.resolveSibling("slow"))).isFalse();
  }

  @Test
  void each_file_has_its_place() {
    VolumeHome home = new VolumeHome(files.getPath("/home"));
    Map<String, Path> paths =
        Map.ofEntries(
            Map.entry("/var/lib/keg/keg.json", layout.marker()),
            Map.entry("/var/lib/keg/volumes", layout.volumes()),
            Map.entry("/var/lib/keg/staging", layout.staging()),
            Map.entry("/var/lib/keg/trash", layout.trash()),
            Map.entry("/var/lib/keg/locks", layout.locks()),
            Map.entry("/var/lib/keg/tuned", layout.tuned()),
            Map.entry("/var/lib/keg/stopped", layout.stopped()),
            Map.entry("/var/lib/keg/machines", layout.machines()),
            Map.entry("/var/lib/keg/containers", layout.containers()),
            Map.entry("/var/lib/keg/policy.json", layout.policy()),
            Map.entry("/var/lib/keg/config.json", layout.config()),
            Map.entry("/var/lib/keg/repositories.json", layout.repositories()),
            Map.entry("/var/lib/keg/seen.json", layout.seen()),
            Map.entry("/var/lib/keg/records", layout.records()),
            Map.entry("/var/lib/keg/shared.json", layout.membership()),
            Map.entry("/var/lib/keg/cache", layout.cache()),
            Map.entry("/var/lib/keg/pending", layout.pending()),
            Map.entry("/var/lib/keg/volumes/db", layout.home(RootInMemory.DB).path()),
            Map.entry("/var/lib/keg/arriving", layout.places().own().arriving()),
            Map.entry("/home/volume.json", layout.volumeFile(home)),
            Map.entry("/home/attachments", layout.attachments(home)),
            Map.entry("/home/snapshots", layout.snapshots(home)),
            Map.entry("/home/on-server", layout.onServer(home)),
            Map.entry("/home/written", layout.written(home)),
            Map.entry("/home/restore.json", RegistryLayout.restoreJournal(home)),
            Map.entry("/home/history.json", layout.history(home)),
            Map.entry("/home/tuning.json", layout.tuning(home)));

    assertThat(paths).allSatisfy((text, path) -> assertThat(path).hasToString(text));
    assertThat(layout.volumes(RootInMemory.DB)).isEqualTo(layout.volumes());
  }
}
