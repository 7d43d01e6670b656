package dev.keg.linux.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DiskBitmapsTest {
  @Test
  void only_bitmaps_of_backups_are_found() throws Exception {
    String info =
        """
        {"virtual-size": 1073741824, "format": "qcow2", "format-specific": {"type": "qcow2", "data": {
          "compat": "1.1", "refcount-bits": 16, "bitmaps": [
            {"flags": ["in-use", "auto"], "name": "keg-efdd4568-37e3", "granularity": 65536},
            {"flags": [], "name": "somebody-else", "granularity": 65536}]}}}
        """;
    assertThat(DiskBitmaps.names(info)).containsExactly("keg-efdd4568-37e3");
  }

  @Test
  void a_disk_may_have_none() throws Exception {
    assertThat(DiskBitmaps.names("{\"format\": \"qcow2\"}")).isEmpty();
    assertThat(DiskBitmaps.names("{\"format-specific\": {\"data\": {\"compat\": \"0.10\"}}}"))
        .isEmpty();
  }
}
