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
    assertThat(named.toBackup().labels().map()).containsOnlyKeys("keg.id", "keg.updated", "tier");
    assertThat(named.toDiskBackup().holdsDisk()).isTrue();
    assertThat(named.toDiskBackup().fromBackup()).isEqualTo(volume(Map.of("tier", "gold")));
  }

  @Test
  void a_backup_keeps_the_description() {
    Volume described = volume(Map.of("tier", "gold")).withDescription("Orders");

    assertThat(described.toBackup().fromBackup()).isEqualTo(described);
  }

  @Test
  void a_backup_says_which_volume_it_is_of() {
    VolumeId id = VolumeId.parse("3f9a1c2e-0001-4000-8000-000000000000");
    Instant changed = Instant.parse("2026-11-20T10:00:55.5Z");
    Host host = new Host("9c1f", "db1");
    Volume volume =
        volume(Map.of("tier", "gold", "keg.id", "mine"))
            .withDetails(new VolumeDetails(id, "Orders", changed, host, Protection.always()));

    Volume backup = volume.toBackup();

    assertThat(backup.hasId()).isTrue();
    assertThat(backup.fromBackup())
        .isEqualTo(
            volume(Map.of("tier", "gold"))
                .withDetails(
                    new VolumeDetails(id, "Orders", changed, Host.UNKNOWN, Protection.none())));
    assertThat(backup.withoutId().hasId()).isFalse();
  }

  @Test
  void a_label_of_the_operator_is_not_an_id() {
    Volume volume = volume(Map.of("keg.id", "4711", "keg.updated", "often"));

    assertThat(volume.hasId()).isFalse();
    assertThat(volume.fromBackup()).isEqualTo(volume(Map.of()));
  }
}
