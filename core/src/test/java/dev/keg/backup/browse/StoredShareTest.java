package dev.keg.backup.browse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.keg.backup.BackedHost;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredShareTest {
  private final BackedHost host = new BackedHost();
  private final Random random = new Random(3);

  private void fill(VolumeName volume, String file, byte[] content) throws Exception {
    Files.write(host.write(volume, file, ""), content);
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<StoredShare> shares() {
    return StoredShare.of(host.other, host.other.list());
  }

  private long stored(String folder) throws Exception {
    return host.otherStore.list(folder).stream()
        .map(StoredObject::size)
        .mapToLong(Size::bytes)
        .sum();
  }

  @Test
  void an_empty_repository_has_only_a_whole() {
    assertThat(shares())
        .singleElement()
        .satisfies(
            share -> {
              assertThat(share.of()).isEmpty();
              assertThat(share.backups()).isZero();
              assertThat(share.ratio()).isEmpty();
              assertThat(share.growth()).isEmpty();
            });
  }

  @Test
  void what_volumes_share_is_unique_to_none() throws Exception {
    byte[] common = bytes(600_000);
    VolumeName db = host.create("db");
    VolumeName web = host.create("web");
    fill(db, "a", common);
    host.save(db, host.other);
    fill(web, "a", common);
    fill(web, "b", bytes(100_000));
    host.save(web, host.other);

    StoredShare first = shares().get(0);
    StoredShare second = shares().get(1);
    StoredShare all = shares().get(2);
    assertThat(first.size()).isEqualTo(new Size(600_000));
    assertThat(first.stored().bytes()).isBetween(600_000L, 620_000L);
    assertThat(first.unique()).isEqualTo(Size.ZERO);
    assertThat(second.stored().bytes()).isEqualTo(stored("data/"));
    assertThat(second.unique().bytes()).isBetween(100_000L, 120_000L);
    assertThat(all.of()).isEmpty();
    assertThat(all.backups()).isEqualTo(2);
    assertThat(all.stored().bytes()).isEqualTo(stored("data/"));
    assertThat(all.ratio().orElseThrow()).isBetween(1.7, 1.9);
  }

  @Test
  void growth_is_what_later_backups_added_a_day() throws Exception {
    VolumeName db = host.create("db");
    for (int day = 0; day < 3; day++) {
      fill(db, "f" + day, bytes(500_000));
      host.save(db, host.other);
      host.advance(Duration.ofDays(1));
    }
    List<Backup> backups = host.other.list().backups();
    Duration time =
        Duration.between(
            backups.getFirst().record().started(), backups.getLast().record().started());

    long growth = shares().getFirst().growth().orElseThrow().bytes();

    assertThat(growth).isCloseTo(1_000_000L * 86_400 / time.toSeconds(), within(9_000L));
    assertThat(shares().getLast().growth()).contains(new Size(growth));
  }

  @Test
  void what_waits_to_be_deleted_counts_for_the_whole() throws Exception {
    VolumeName db = host.create("db");
    fill(db, "f", bytes(500_000));
    host.save(db, host.other);
    host.other.forget(host.other.list().backups().stream().map(Backup::id).toList());

    assertThat(shares().getLast().stored().bytes()).isEqualTo(stored("data/")).isPositive();
  }
}
