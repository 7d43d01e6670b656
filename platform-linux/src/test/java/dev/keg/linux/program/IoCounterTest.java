package dev.keg.linux.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoCounterTest {
  private final Path counters;
  private final List<Long> told = new ArrayList<>();
  private final IoCounter counter;

  IoCounterTest(@TempDir Path directory) {
    this.counters = directory.resolve("io");
    this.counter = new IoCounter(counters, (_, bytes) -> told.add(bytes));
  }

  private void count(long read, long written, long toDisk) throws IOException {
    Files.writeString(
        counters,
        """
        rchar: %d
        wchar: %d
        syscr: 99999
        syscw: 99999
        read_bytes: 99999
        write_bytes: %d
        cancelled_write_bytes: 99999
        """
            .formatted(read, written, toDisk));
  }

  @Test
  void what_is_copied_is_counted_once_and_reported_once() throws IOException {
    count(500, 400, 300);
    counter.tell();
    counter.tell();
    count(900, 900, 300);
    counter.tell();

    assertThat(told).containsExactly(500L, 400L);
  }

  @Test
  void a_copy_inside_the_kernel_is_counted_as_it_goes() throws IOException {
    count(10, 0, 700);
    counter.tell();

    assertThat(told).containsExactly(700L);
  }

  @Test
  void nothing_is_reported_where_nobody_counts() {
    counter.tell();

    assertThat(told).isEmpty();
  }
}
