package dev.keg.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.keg.health.Finding.Severity;
import dev.keg.usage.Room;
import dev.keg.volume.Size;
import org.junit.jupiter.api.Test;

final class FullnessTest {
  private static final Fullness FULLNESS = new Fullness("db", "it is", "bytes", "files");

  private static Room room(long total, long available, long files, long freeFiles) {
    return new Room(new Size(total), new Size(available), new Size(available), files, freeFiles);
  }

  @Test
  void space_in_both_is_not_a_finding() {
    assertThat(FULLNESS.of(room(1000, 101, 1000, 101))).isEmpty();
  }

  @Test
  void bytes_and_inodes_are_distinguished() {
    assertThat(FULLNESS.of(room(1000, 100, 2000, 100)))
        .extracting(Finding::problem, Finding::severity)
        .containsExactly(
            tuple("it is 90% full: 100B left of 1kB", Severity.WARNING),
            tuple("it is 95% full of files: 100 inodes left of 2000", Severity.WARNING));
  }

  @Test
  void almost_nothing_left_is_critical() {
    assertThat(FULLNESS.of(room(1L << 60, 1L << 50, 0, 0)))
        .extracting(Finding::severity)
        .containsExactly(Severity.CRITICAL);
  }

  @Test
  void a_file_system_without_a_limit_of_inodes_is_never_full_of_files() {
    assertThat(FULLNESS.of(room(1000, 1000, 0, 0))).isEmpty();
  }
}
