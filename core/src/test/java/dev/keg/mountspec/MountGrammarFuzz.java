package dev.keg.mountspec;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code -v}, {@code --mount}, {@code --tmpfs} and {@code --volumes-from}, on both systems. */
public final class MountGrammarFuzz implements FuzzTarget {
  private final List<MountSpecs> systems =
      List.of(
          new MountSpecs(PathStyle.LINUX, FakeHost.linux()),
          new MountSpecs(PathStyle.WINDOWS, FakeHost.windows()));

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "db:/data:ro,z,nocopy",
            "c:\\a:d:\\b:ro",
            "type=volume,source=db,target=/data,volume-subpath=a,volume-opt=size=1g,readonly",
            "type=bind,src=/a,dst=/b,bind-propagation=rslave,bind-recursive=disabled",
            "type=volume,\"volume-opt=o=addr=1,rw\",target=/x,volume-driver=nfs",
            "/run:size=64m,mode=1777,uid=1",
            "web1:ro")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (MountSpecs specs : systems) {
      List<Function<String, Object>> grammars =
          List.of(specs::volume, specs::mount, specs::tmpfs, specs::volumesFrom);
      for (Function<String, Object> grammar : grammars) {
        try {
          var _ = grammar.apply(text);
        } catch (VolumeException _) {
          // Refused, as it should be.
        }
      }
    }
  }
}
