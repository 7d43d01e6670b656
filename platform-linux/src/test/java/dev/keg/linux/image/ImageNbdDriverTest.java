package dev.keg.linux.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.disk.content.DataPartition;
import dev.keg.tree.FileKind.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Disks that the host accesses through nbd. */
final class ImageNbdDriverTest extends NbdDiskContract {
  @Override
  protected Map<String, String> options() {
    return Map.of("format", "qcow2", "size", "8m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "1m", "type", "dynamic");
  }

  @Test
  void ntfs_in_its_partition_is_mounted_through_a_loop_device() throws IOException {
    Subject db = create("db");
    Path content = device(0).resolveSibling("content");
    Files.write(content, "...NTFS    ".getBytes(UTF_8));
    Files.write(device(0), new byte[8 << 20]);
    DataPartition.write(device(0), content, List.of(new Extent(0, 11)), UUID::randomUUID);

    mount(db);

    assertThat(kernel.journal)
        .anySatisfy(
            line -> assertThat(line).contains("/nbd0", "Window[offset=1048576, length=6291456]"))
        .contains("fsopen ntfs3", "fsconfig source=/dev/loop0");
    unmount(db);
    assertThat(kernel.standing()).isEmpty();
  }

  @Test
  void a_child_that_is_built_on_a_volume_knows_it_by_a_name_beside_it() throws IOException {
    Subject base = create("base");
    create("child", Map.of("backing", "base"));

    assertThat(kernel.journal)
        .anyMatch(
            line ->
                line.startsWith("qemu-img create -q -f qcow2 -b base-0.qcow2 -F qcow2 ")
                    && line.endsWith("child/disk.qcow2 8388608"));
    mount(base);
    assertThat(kernel.journal).anyMatch(line -> line.contains(" --read-only -f qcow2 "));
    unmount(base);
  }
}
