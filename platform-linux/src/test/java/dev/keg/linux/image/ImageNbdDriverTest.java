package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Disks that the host sees through nbd. */
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
