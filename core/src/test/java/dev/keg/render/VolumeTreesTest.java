package dev.keg.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeTreesTest {
  @ParameterizedTest
  @CsvSource({
    "nfs4, true",
    "cifs, true",
    "sshfs, true",
    "fuse.sshfs, true",
    "fuse.rclone, true",
    "fuse3.s3fs, true",
    "fuse.ceph-fuse, true",
    "ext4, false",
    "fuse.mergerfs, false",
    "xfuse.sshfs, false",
  })
  void file_systems_of_other_hosts_wait_for_the_network(String type, boolean network) {
    assertThat(VolumeTrees.isOfNetwork(type)).isEqualTo(network);
  }
}
