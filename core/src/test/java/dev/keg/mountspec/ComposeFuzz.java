package dev.keg.mountspec;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import dev.keg.mountspec.compose.ComposeFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compose files. */
public final class ComposeFuzz implements FuzzTarget {
  private final MountSpecs specs = new MountSpecs(PathStyle.LINUX, FakeHost.linux());

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            """
            name: shop
            services:
              web:
                volumes:
                  - db:/data:ro
                  - {type: bind, source: ./html, target: /html, bind: {propagation: rslave}}
                  - type: tmpfs
                    target: /run
                    tmpfs: {size: 64m}
                tmpfs: [/tmp]
            volumes:
              db: &db
                driver: local
                driver_opts: {type: nfs, device: ":${WHERE:-/x}"}
              other: *db
            """,
            "name: \"\\UFFFFFFFF\"",
            "volumes: {db: \"\\x")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    ComposeFile.Origin origin =
        new ComposeFile.Origin("compose.yaml", "/srv", Map.of("WHERE", "/y"), null);
    try {
      ComposeFile file =
          ComposeFile.parse(new String(input, StandardCharsets.UTF_8), origin, specs);
      var _ = file.declared(List.of("web"));
      var _ = file.warnings();
    } catch (VolumeException _) {
      return;
    }
  }
}
