package dev.keg.lifecycle;

import static dev.keg.lifecycle.TestRoot.DB;
import static dev.keg.lifecycle.TestRoot.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.driver.FakeDriver;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the data of a volume is visible, and where its storage is otherwise. */
class VolumePathsTest {
  private final Disk disk = new Disk();
  private final TestRoot root = TestRoot.inMemory(disk);
  private final Services services = root.open();
  private final Volumes volumes = new Volumes(services);
  private Volume db;

  /** A driver with a file for each volume, which it mounts. */
  private static final class Disk extends FakeDriver {
    String file = "disk.img";
    boolean answers = true;

    Disk() {
      super("disk");
    }

    @Override
    public Storage storage(Volume volume, VolumeHome home) {
      if (!answers) {
        throw new DriverFailed("look", volume.name().text(), "no answer");
      }
      return Storage.fileSystem("ext4", home.file(file));
    }

    @Override
    public String scope(Volume volume, VolumeHome home) {
      return "global";
    }
  }

  @BeforeEach
  void create() {
    db = volumes.create(request("db", "disk")).volume();
  }

  private Path data() {
    return root.home().data();
  }

  @Test
  void an_unmounted_volume_lies_on_its_disk() {
    assertThat(volumes.visible(DB)).isEmpty();
    assertThat(volumes.liesOn(db)).contains(root.home().file("disk.img"));
  }

  @Test
  void a_mounted_volume_lies_where_it_is_visible() {
    root.mounts.mount(data().toString());

    assertThat(volumes.visible(DB)).contains(data());
    assertThat(volumes.liesOn(db)).contains(data());
  }

  @Test
  void a_mount_that_is_missing_leaves_only_a_directory_of_the_host() {
    disk.file = "_data";

    assertThat(volumes.liesOn(db)).isEmpty();
  }

  @Test
  void a_disk_that_does_not_answer_is_unknown() {
    disk.answers = false;

    assertThat(volumes.liesOn(db)).isEmpty();
  }

  @Test
  void a_directory_lies_where_it_is_visible() {
    Volume plain = volumes.create(request("plain", "local")).volume();

    assertThat(volumes.liesOn(plain)).contains(root.layout.home(new VolumeName("plain")).data());
  }

  @Test
  void an_overview_asks_the_driver() {
    Overview overview = volumes.overview(db);

    assertThat(overview.scope()).isEqualTo("global");
    assertThat(overview.types()).containsExactlyInAnyOrder("ext4", "");
    assertThat(overview.path()).isEqualTo(root.home().file("disk.img"));
  }
}
