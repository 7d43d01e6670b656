package dev.keg.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class SmallFileTest {
  @TempDir Path directory;

  @Test
  void a_file_is_read_whole() throws IOException {
    byte[] content = new byte[5000];
    new Random(1).nextBytes(content);
    Path file = Files.write(directory.resolve("file"), content);

    assertThat(SmallFile.read(file)).isEqualTo(content);
    assertThat(SmallFile.read(Files.createFile(directory.resolve("empty")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1023, 1024, 1025, 4096})
  void a_file_may_be_as_large_as_allowed_and_no_larger(int length) throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[length]);

    assertThat(SmallFile.read(file, length)).hasSize(length);
    assertThatThrownBy(() -> SmallFile.read(file, length - 1)).hasMessageEndingWith("too large");
  }

  /** Their size is reported as zero. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void a_file_of_the_kernel_is_read_whole_and_may_not_be_larger_either() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    byte[] content = Files.readAllBytes(limits);

    assertThat(content).hasSizeGreaterThan(1024);
    assertThat(SmallFile.read(limits)).isEqualTo(content);
    assertThat(SmallFile.read(limits, content.length)).isEqualTo(content);
    assertThatThrownBy(() -> SmallFile.read(limits, content.length - 1))
        .hasMessageEndingWith("too large");
  }

  @Test
  void a_missing_file_and_a_directory_are_refused() {
    assertThatThrownBy(() -> SmallFile.read(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> SmallFile.read(directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessageEndingWith("a directory");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_pipe_and_a_device_do_not_make_the_reader_wait() throws Exception {
    Path pipe = directory.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(Duration.ofSeconds(5))).isTrue();
    Path zero = Files.createSymbolicLink(directory.resolve("link"), Path.of("/dev/zero"));

    for (Path file : new Path[] {pipe, zero}) {
      assertThatThrownBy(() -> SmallFile.read(file))
          .isInstanceOf(FileSystemException.class)
          .hasMessageEndingWith("not a regular file");
    }
  }

  @Test
  void a_huge_file_is_not_read() throws IOException {
    Path file = directory.resolve("huge");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1L << 30);
    }

    assertThatThrownBy(() -> SmallFile.read(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessageEndingWith("too large");
  }
}
