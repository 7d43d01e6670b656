package dev.keg.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.volume.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 1000, 950, 0", // reserved blocks count as neither used nor available
    "1000, 50, 0, 100",
    "1000, 500, 450, 53", // 500 of 950, rounded up as df does
    "1000, 999, 999, 1",
    "100, 200, 100, 0", // a quota may be overdrawn, and a file system may lie
  })
  void the_used_part_is_what_df_says(long total, long free, long available, int percent) {
    assertThat(room(total, free, available, 10, 4).usedPercent()).hasValue(percent);
  }

  @ParameterizedTest
  @CsvSource({"10, 4, 60", "10, 10, 0", "3, 1, 67"})
  void inodes_too(long files, long free, int percent) {
    assertThat(room(1, 1, 1, files, free).usedFilesPercent()).hasValue(percent);
  }

  @Test
  void nothing_is_known_of_a_file_system_without_a_limit() {
    Room room = room(0, 0, 0, 0, 0);

    assertThat(room.usedPercent()).isEmpty();
    assertThat(room.usedFilesPercent()).isEmpty();
  }

  private static Room room(long total, long free, long available, long files, long freeFiles) {
    return new Room(new Size(total), new Size(free), new Size(available), files, freeFiles);
  }
}
