package dev.keg.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class VolumeTest {
  private static Volume volume(Map<String, String> labels) {
    return new Volume(
        new VolumeName("db"),
        "local",
        Options.NONE,
        new Labels(new TreeMap<>(labels)),
        Instant.EPOCH);
  }

  @Test
  void only_the_backup_of_a_disk_is_known_as_one() {
    Volume named = volume(Map.of("keg.disk", "mine", "tier", "gold"));

    assertThat(named.toBackup().holdsDisk()).isFalse();
    assertThat(named.toBackup().labels().map()).containsOnlyKeys("tier");
    assertThat(named.toDiskBackup().holdsDisk()).isTrue();
    assertThat(named.toDiskBackup().fromBackup()).isEqualTo(volume(Map.of("tier", "gold")));
  }

  @Test
  void a_backup_keeps_the_description() {
    Volume described = volume(Map.of("tier", "gold")).withDescription("Orders");

    assertThat(described.toBackup().fromBackup()).isEqualTo(described);
  }
}
