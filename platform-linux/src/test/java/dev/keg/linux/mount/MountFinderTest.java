package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.attachment.MountIdentity;
import dev.keg.linux.kernel.MountNumbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MountFinderTest {
  private static final Path SITE = Path.of("/t/a/b");
  private static final MountIdentity NEW_KERNEL =
      new MountIdentity(40, 5_000_000_000L, "8:1", "/d");
  private static final MountIdentity OLD_KERNEL = new MountIdentity(40, 0, "8:1", "/d");

  private OptionalLong numberNow = OptionalLong.of(40);

  private Path find(MountIdentity mount, String line) throws IOException {
    MountNumbers numbers =
        new MountNumbers() {
          @Override
          public long unique(Path path) {
            return 0;
          }

          @Override
          public OptionalLong inTable(long unique) {
            return numberNow;
          }
        };
    ProcMounts table =
        ProcMounts.parse((line + " rw - ext4 /dev/sda1 rw\n").getBytes(StandardCharsets.UTF_8));
    return new MountFinder(numbers).find(table, mount, SITE).orElse(Path.of("nowhere"));
  }

  @Test
  void it_is_found_where_it_was_made() throws IOException {
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /t/a/b")).isEqualTo(SITE);
    assertThat(find(OLD_KERNEL, "40 1 8:1 /d /t/a/b")).isEqualTo(SITE);
  }

  @Test
  void it_is_found_where_it_was_moved() throws IOException {
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /x")).isEqualTo(Path.of("/x"));
    assertThat(find(OLD_KERNEL, "40 1 8:1 /d /t/z/b")).isEqualTo(Path.of("/t/z/b"));
  }

  @Test
  void a_later_mount_with_its_number_is_another_one() throws IOException {
    numberNow = OptionalLong.of(0);
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /x")).isEqualTo(Path.of("nowhere"));
    numberNow = OptionalLong.of(41);
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /x")).isEqualTo(Path.of("nowhere"));
    assertThat(find(OLD_KERNEL, "40 1 8:1 /d /x")).isEqualTo(Path.of("nowhere"));
    assertThat(find(OLD_KERNEL, "40 1 8:2 /d /t/z/b")).isEqualTo(Path.of("nowhere"));
  }

  @Test
  void where_the_kernel_may_not_say_the_name_decides() throws IOException {
    numberNow = OptionalLong.empty();
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /t/z/b")).isEqualTo(Path.of("/t/z/b"));
    assertThat(find(NEW_KERNEL, "40 1 8:1 /d /x")).isEqualTo(Path.of("nowhere"));
  }

  @Test
  void a_copy_in_another_namespace_is_found_where_it_was_made() throws IOException {
    assertThat(find(NEW_KERNEL, "99 1 8:1 /d /t/a/b")).isEqualTo(SITE);
    assertThat(find(NEW_KERNEL, "99 1 8:1 /other /t/a/b")).isEqualTo(Path.of("nowhere"));
    assertThat(find(NEW_KERNEL, "99 1 8:1 /d /elsewhere")).isEqualTo(Path.of("nowhere"));
  }
}
