package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HolderTest {
  private static Holder holder(String host, String kind) {
    String document =
        switch (kind) {
          case "reading disk" -> "{\"kind\":\"disk\",\"machine\":\"vm1\",\"readOnly\":true}";
          case "disk" -> "{\"kind\":\"disk\",\"machine\":\"vm1\",\"readOnly\":false}";
          case "reader" -> mount("", true, false);
          case "writer" -> mount("web", false, false);
          case "only writer" -> mount("web", false, true);
          default -> "{";
        };
    return new Holder(host, "name of " + host, "a.json", document);
  }

  private static String mount(String container, boolean readOnly, boolean exclusive) {
    return ("{\"kind\":\"mount\",\"container\":\"%s\",\"target\":\"/srv\","
            + "\"readOnly\":%s,\"exclusive\":%s}")
        .formatted(container, readOnly, exclusive);
  }

  @ParameterizedTest
  @CsvSource({
    "disk, disk, true",
    "disk, reading disk, true",
    "disk, reader, true",
    "disk, writer, true",
    "reading disk, reading disk, false",
    "reading disk, reader, false",
    "reading disk, writer, true",
    "writer, writer, false",
    "writer, reader, false",
    "only writer, writer, true",
    "only writer, only writer, true",
    "only writer, reader, false",
    // It may be anything.
    "unreadable, reader, true",
    "unreadable, reading disk, true",
  })
  void two_hosts_hold_a_volume_if_neither_disturbs_the_other(
      String one, String other, boolean excluded) {
    assertThat(holder("a", one).excludes(holder("b", other))).isEqualTo(excluded);
    assertThat(holder("b", other).excludes(holder("a", one))).isEqualTo(excluded);
  }

  @ParameterizedTest
  @CsvSource({
    "disk, vm1 on host name of a, true",
    "writer, web on host name of a, false",
    "reader, /srv on host name of a, false",
  })
  void a_holder_is_named_after_its_machine_container_or_target(
      String kind, String words, boolean disk) {
    assertThat(holder("a", kind).words()).isEqualTo(words);
    assertThat(holder("a", kind).isDisk()).isEqualTo(disk);
  }

  @Test
  void a_holder_is_identified_by_its_host_and_file() {
    Holder holder = holder("a", "disk");

    assertThat(holder.is("a", "a.json")).isTrue();
    assertThat(holder.is("b", "a.json")).isFalse();
    assertThat(holder.is("a", "b.json")).isFalse();
  }
}
