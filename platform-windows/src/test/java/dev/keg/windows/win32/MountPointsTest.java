package dev.keg.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MountPointsTest {
  /** On Windows, a name that ends in a space; here, one with a NUL. */
  @Test
  void a_place_with_a_name_that_java_refuses_is_ignored() {
    assertThat(MountPoints.path("X:\\data")).contains(Path.of("X:\\data"));
    assertThat(MountPoints.path("X:\\data\0")).isEmpty();
  }
}
