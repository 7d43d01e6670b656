package dev.keg.windows.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.fault.FaultyFileSystem;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZerosTest {
  @Test
  void they_fill_what_is_free_and_nothing_is_left_of_them(@TempDir Path directory)
      throws IOException {
    FaultyFileSystem files = FaultyFileSystem.over(directory.getFileSystem());

    Zeros.fill(files.wrap(directory), 5 << 20);

    assertThat(files.operations())
        .filteredOn(operation -> operation.toString().startsWith("write "))
        .hasSize(4)
        .allMatch(operation -> operation.toString().endsWith(" 1048576 bytes"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void the_host_keeps_some_room_for_itself() throws IOException {
    ShownDisk.requireRoom(new Size(3 << 20), new Size(67 << 20));

    assertThatThrownBy(() -> ShownDisk.requireRoom(new Size(3 << 20), new Size((67 << 20) - 1)))
        .hasMessageContaining("must stay free");
  }

  @Test
  void a_file_system_that_is_full_takes_none(@TempDir Path directory) throws IOException {
    Files.delete(directory);

    Zeros.fill(directory, 1 << 20);

    assertThatThrownBy(() -> Zeros.fill(directory, 2 << 20)).isInstanceOf(IOException.class);
  }
}
