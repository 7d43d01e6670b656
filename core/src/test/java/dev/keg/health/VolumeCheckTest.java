package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.BackedHost;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VolumeCheckTest {
  private static final VolumeName VM = new VolumeName("vm");
  private final BackedHost host = new BackedHost();
  private final VolumeCheck check = new VolumeCheck(host.context.services());

  @Test
  void a_killed_backup_s_copy_of_a_disk_is_named_and_removed() throws IOException {
    var _ =
        host.volumes.create(
            new VolumeRequest(VM, "disks", Options.NONE, Labels.NONE, Ownership.DEFAULT));
    Volume volume = host.registry.get("check", VM);
    assertThat(check.of(volume, List.of())).isEmpty();

    Files.createFile(host.registry.layout().home(VM).file("copy"));
    List<Finding> found = check.of(volume, List.of());

    assertThat(found)
        .extracting(Finding::problem)
        .containsExactly("has /keg/volumes/vm/copy of a keg backup --qmp that was killed");
    found.getFirst().repair().orElseThrow().run();
    assertThat(check.of(volume, List.of())).isEmpty();
  }
}
