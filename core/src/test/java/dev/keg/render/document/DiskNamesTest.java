package dev.keg.render.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.mountspec.Access;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DiskNamesTest {
  private static Part.Image image(String volume, String uuid, boolean inPartition) {
    return new Part.Image(
        volume,
        "vdb",
        OptionalInt.empty(),
        "/keg/" + volume,
        "raw",
        "auto",
        uuid,
        inPartition,
        Optional.empty());
  }

  private static String name(Part.Image image, Part.Image other) {
    return new DiskNames(
            List.of(
                new Part.Disk(image, "/a", Access.DEFAULT),
                new Part.Disk(other, "/b", Access.DEFAULT)))
        .of(image);
  }

  @Test
  void copies_are_distinguished_by_their_serial_numbers_and_partitions_of_them() {
    assertThat(name(image("db", "0123", true), image("web", "4567", true))).isEqualTo("UUID=0123");
    assertThat(name(image("db", "0123", false), image("web", "0123", false)))
        .isEqualTo("/dev/disk/by-id/virtio-db");
    assertThat(name(image("db", "0123", true), image("web", "0123", true)))
        .isEqualTo("/dev/disk/by-id/virtio-db-part1");
  }
}
