package dev.keg.registry;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code volume.json}, and QEMU's output, which is another program's JSON. */
public final class DescriptionsFuzz implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "{\"schema\":1,\"created\":\"2026-11-20T10:00:55Z\",\"driver\":\"local\",\"labels\":{\"a\":\"b\"},"
                + "\"options\":{\"size\":\"1g\"}}",
            // Looks like UTF-32, but is not.
            "{\0\0\0\0\0a\"x\":1}",
            "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"d\",\"n\":[1,2.5e9,null,true]}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    try {
      var _ = VolumeFile.read(new VolumeName("db"), Path.of("/volume.json"), input);
    } catch (VolumeException _) {
      // refused
    }
    try {
      var _ = JsonObject.parse(input);
    } catch (InvalidDocument _) {
      return;
    }
  }
}
