package dev.keg.linux.kernel.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that was just written is in memory. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has these calls")
class PageCacheTest {
  private static final int SIZE = 300_001;

  @TempDir Path directory;

  private final PageCache cache = PageCache.ofThread();

  /** An operation on an open file. */
  private interface Use {
    void of(int fd) throws Exception;
  }

  private void withFile(int size, Use use) throws Exception {
    Files.write(directory.resolve("file"), new byte[size]);
    int root = cache.openRoot(directory);
    int fd = cache.openFile(root, ByteString.utf8("file"));
    try {
      use.of(fd);
    } finally {
      cache.close(fd);
      cache.close(root);
    }
  }

  @Test
  void both_calls_tell_what_is_in_memory() throws Exception {
    withFile(
        SIZE,
        fd -> {
          assertThat(cache.cached(fd, SIZE)).hasValue(SIZE);
          assertThat(cache.mapped(fd, SIZE) * PageCache.PAGE).isGreaterThanOrEqualTo(SIZE);
        });
  }

  @Test
  void an_empty_file_is_all_in_memory() throws Exception {
    withFile(0, fd -> assertThat(cache.cached(fd, 0)).hasValue(0));
  }
}
