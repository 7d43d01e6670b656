package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MissingFileSystemTest {
  @Test
  void bind_is_not_a_module_that_could_be_loaded() {
    assertThat(MissingFileSystem.meaning("bind")).isEqualTo("bind is an option, not a type");
    assertThat(MissingFileSystem.remedy("bind")).contains("o=bind").doesNotContain("modprobe");
  }

  @Test
  void anything_else_is_a_module_that_the_kernel_lacks() {
    assertThat(MissingFileSystem.meaning("nfs")).isEqualTo("this kernel has no nfs");
    assertThat(MissingFileSystem.remedy("nfs")).contains("modprobe nfs");
  }
}
