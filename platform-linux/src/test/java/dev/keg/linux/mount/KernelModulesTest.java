package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModulesTest {
  @TempDir private Path directory;
  private Path proc;
  private Path modules;

  @BeforeEach
  void kernel() throws IOException {
    proc = directory.resolve("proc");
    modules = directory.resolve("modules");
    write(proc.resolve("filesystems"), "nodev\ttmpfs\nnodev\tnfsd\n\text4\n");
    write(proc.resolve("sys/kernel/osrelease"), "6.1.0\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  @Test
  void a_file_system_of_the_kernel_can_be_mounted() {
    assertThat(KernelModules.lack("tmpfs", proc, modules)).isEmpty();
    assertThat(KernelModules.lack("ext4", proc, modules)).isEmpty();
  }

  @Test
  void what_is_neither_there_nor_a_module_is_lacking() throws IOException {
    assertThat(KernelModules.lack("nfs", proc, modules)).contains("this kernel has no nfs");

    write(modules.resolve("6.1.0/modules.dep"), "kernel/fs/nfsd/nfsd.ko.xz: kernel/lib/x.ko.xz\n");
    assertThat(KernelModules.lack("nfs", proc, modules)).isPresent();
  }

  @Test
  void a_module_is_loaded_when_it_is_needed() throws IOException {
    write(modules.resolve("6.1.0/modules.dep"), "kernel/fs/nfs/nfs.ko.xz: kernel/lib/x.ko.xz\n");

    assertThat(KernelModules.lack("nfs", proc, modules)).isEmpty();
  }

  @Test
  void a_kernel_that_hides_itself_is_not_blamed() {
    assertThat(KernelModules.lack("nfs", directory.resolve("none"), modules)).isEmpty();
  }
}
