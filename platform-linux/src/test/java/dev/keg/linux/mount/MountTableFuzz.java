package dev.keg.linux.mount;

import dev.keg.fixtures.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** mountinfo, with names chosen by anybody who may mount in a namespace. */
public final class MountTableFuzz implements FuzzTarget {
  private static final String TABLE =
      """
      20 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
      30 20 254:0 /v/db/_data /srv/d\\040b rw shared:7 master:2 - ext4 /dev/vda rw
      31 20 0:50 / /f rw - overlay overlay rw,upperdir=/v/ov/upper
      32 20 0:60 / /v/mem/_data rw - tmpfs tmpfs rw
      """;

  @Override
  public List<byte[]> seeds() {
    return List.of(TABLE.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void read(byte[] input) {
    try {
      ProcMounts table = ProcMounts.parse(input);
      ProcMounts own = ProcMounts.parse(TABLE.getBytes(StandardCharsets.UTF_8));
      BlockDevices none = new BlockDevices(Path.of("/nowhere"), Path.of("/nowhere"));
      var _ = new OutsideMounts(Path.of("/v"), own, none).find(Map.of(7L, table));
    } catch (IOException _) {
      return;
    }
  }
}
